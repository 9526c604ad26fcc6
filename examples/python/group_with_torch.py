"""Groups the pixels of images with a network trained by nem, in PyTorch.

    pip install torch numpy
    python group_with_torch.py runs/static-shapes/checkpoints/best.safetensors images.npy groups.npy [components]

images.npy: [batch, height, width], or sequences [frames, batch, height, width]; pixels from 0 to 1. groups.npy gets the number of the
component that each pixel belongs to, of the last frame: [batch, height, width].

The file of weights says what network it is of. Formulas are those of docs/method.md; images are [rows, height, width, channels].
"""

import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

ACTIVATIONS = {"linear": lambda x: x, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu, "elu": F.elu}


def load_safetensors(file):
    """The arrays of a safetensors file, and what its metadata say of the network; the package safetensors does the same."""
    with open(file, "rb") as opened:
        header = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
        data = opened.read()
    metadata = header.pop("__metadata__", {})
    types = {"F32": np.float32, "F16": np.float16}
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], types[entry["dtype"]]).astype(np.float32)
        arrays[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return arrays, json.loads(metadata["model"])


def normalize(x, epsilon):
    """Mean 0 and variance 1 over all axes but the first."""
    axes = tuple(range(1, x.dim()))
    centred = x - x.mean(axes, keepdim=True)
    return centred / torch.sqrt((centred**2).mean(axes, keepdim=True) + epsilon)


def finish(p, name, spec, z):
    """Layer norm where the layer has one, then its activation."""
    if spec.get("layerNorm"):
        z = normalize(z, 1e-12) * p[f"{name}.gain"] + p[f"{name}.offset"]
    return ACTIVATIONS[spec["activation"]](z)


def convolve(p, name, spec, x, stride=1, scale=1):
    """Enlargement by nearest neighbour, then a convolution with TensorFlow's SAME padding."""
    x = x.permute(0, 3, 1, 2)
    if scale > 1:
        x = F.interpolate(x, scale_factor=scale, mode="nearest")
    height, width = [max((math.ceil(n / stride) - 1) * stride + spec["kernel"] - n, 0) for n in x.shape[2:]]
    x = F.pad(x, (width // 2, width - width // 2, height // 2, height - height // 2))
    return F.conv2d(x, p[f"{name}.weights"].permute(3, 2, 0, 1), p[f"{name}.bias"], stride).permute(0, 2, 3, 1)


def layer(p, name, spec, x):
    kind = spec["type"]
    if kind == "dense":
        return finish(p, name, spec, x @ p[f"{name}.weights"] + p[f"{name}.bias"])
    if kind == "conv":
        return finish(p, name, spec, convolve(p, name, spec, x, stride=spec.get("stride", 1)))
    if kind == "resizeConv":
        return finish(p, name, spec, convolve(p, name, spec, x, scale=spec.get("scale", 2)))
    if kind == "reshape":
        return x.reshape(len(x), *spec["shape"])
    if kind == "flatten":
        return x.flatten(1)
    if kind == "inputNorm":
        return normalize(x, 0)
    raise ValueError(f"unknown layer {kind}")


def cell(p, network, x, hidden):
    """The M-step: ψ and h from γ ⊙ (x̃ − ψ) and h, rows of [batch · components]."""
    if network["type"] == "n-em":
        weights, s = p["nem.weights"], torch.sigmoid(hidden)
        hidden = hidden + p["nem.step"] * s * (1 - s) * (x @ weights)
        return torch.sigmoid(torch.sigmoid(hidden) @ weights.T), hidden
    for i, spec in enumerate(network["input"]):
        x = layer(p, f"input.{i}", spec, x)
    recurrent = network["recurrent"]
    z = torch.cat([x, hidden], 1) @ p["recurrent.weights"] + p["recurrent.bias"]
    x = finish(p, "recurrent", recurrent, z)
    for i, spec in enumerate(network["output"]):
        x = layer(p, f"output.{i}", spec, x)
    return x.flatten(1), ACTIVATIONS[recurrent["activation"]](z)


def e_step(mixture, x, psi):
    """γ: how well each component predicts a pixel, as a share of all components."""
    if mixture["distribution"] == "bernoulli":
        likelihood = x * psi + (1 - x) * (1 - psi)
    else:
        sigma = mixture.get("sigma", 0.25)
        likelihood = torch.exp(-((x - psi) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))
    likelihood = likelihood + 1e-6
    return likelihood / likelihood.sum(1, keepdim=True)


def initial_gamma(shape, seed=0):
    """|N(0, 1)| for each component and pixel, divided by its sum over the components; [batch, components, height, width]."""
    gamma = torch.randn(shape, generator=torch.Generator().manual_seed(seed)).abs()
    return gamma / gamma.sum(1, keepdim=True)


@torch.no_grad()
def unroll(p, model, frames, next_frames, gamma):
    """Gives ψ, γ and h after each step; `frames` and `next_frames` are [steps, batch, height, width]."""
    network = model["network"]
    size = network["size"] if network["type"] == "n-em" else network["recurrent"]["size"]
    psi = torch.full_like(gamma, model.get("initialPrediction", 0))
    hidden = torch.zeros(gamma.shape[0] * gamma.shape[1], size)
    for frame, next_frame in zip(frames, next_frames):
        masked = gamma * (frame[:, None] - psi)
        rows, hidden = cell(p, network, masked.reshape(len(hidden), -1), hidden)
        psi = rows.reshape(gamma.shape)
        gamma = e_step(model["mixture"], next_frame[:, None], psi)
        yield {"psi": psi, "gamma": gamma, "hidden": hidden}


def main(weights_file, images_file, groups_file, components=None):
    parameters, model = load_safetensors(weights_file)
    images = torch.from_numpy(np.load(images_file).astype(np.float32))
    if images.dim() == 3:  # still images: every step sees them
        images = images.expand(model["steps"] + 1, *images.shape)
    batch, height, width = images.shape[1:]
    gamma = initial_gamma((batch, int(components or model["components"]), height, width))
    for state in unroll(parameters, model, images[:-1], images[1:], gamma):
        pass
    np.save(groups_file, state["gamma"].argmax(1).numpy())


if __name__ == "__main__":
    main(*sys.argv[1:])
