"""RNN-EM and N-EM in PyTorch: the peer that `nem bench` runs in turn with an engine.

pytorch.py time < JOB
    JOB is {"spec": an engine's specification, whose learning rate is a number, "batch", "still", "steps", "threads",
    "device": "cpu" or "gpu", "compile"}.
    Times `steps` training steps (forward, back through time, Adam) on random frames and prints a line of JSON: median
    seconds, loss of the last step, PyTorch's version, device, threads, and the peak memory of the process in MiB. With
    "compile" it then does the same with torch.compile, from the same start on the same numbers: `compiled` has its seconds
    and loss, and the seconds that the first step took, or else `compileError` says why there is none.

pytorch.py verify FILE...
    Golden vectors, in float64: a line of JSON for each quantity, with its relative error ‖ours − expected‖ / ‖expected‖.

Images are channels first, as PyTorch has them: `arranged` brings parameters that are channels last into that order.
"""

import json
import math
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

EPSILON = 1e-6  # of likelihoods in the E-step, and what keeps a Bernoulli parameter from 0 and 1 in logarithms
ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "elu": F.elu,
    "linear": lambda x: x,
}


def channels_first(image):
    """Where the elements of a flattened [height, width, channels] lie in a flattened [channels, height, width]."""
    return torch.arange(math.prod(image)).view(*image).permute(2, 0, 1).flatten()


class LayerNorm(nn.Module):
    """Over all axes of a sample, then a gain and an offset per channel."""

    def __init__(self, channels):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels))
        self.offset = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        axes = tuple(range(1, x.dim()))
        mean = x.mean(axes, keepdim=True)
        variance = x.var(axes, unbiased=False, keepdim=True)
        shape = (1, -1) + (1,) * (x.dim() - 2)
        y = (x - mean) * torch.rsqrt(variance + 1e-12)
        return y * self.gain.view(shape) + self.offset.view(shape)


class InputNorm(nn.Module):
    """Mean 0 and variance 1, over all axes of a sample, without an epsilon."""

    def forward(self, x):
        axes = tuple(range(1, x.dim()))
        mean = x.mean(axes, keepdim=True)
        return (x - mean) * torch.rsqrt(x.var(axes, unbiased=False, keepdim=True))


class View(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(-1, *self.shape)


class Affine(nn.Module):
    """A linear map, layer norm where asked for, the activation."""

    def __init__(self, linear, spec):
        super().__init__()
        self.linear = linear
        self.norm = LayerNorm(spec["size"]) if spec.get("layerNorm") else nn.Identity()
        self.activation = ACTIVATIONS[spec["activation"]]
        # The order of inputs and outputs where those are flattened images.
        self.inputs = self.outputs = None

    def forward(self, x):
        return self.activation(self.norm(self.linear(x)))

    def named(self):
        names = {"weights": self.linear.weight, "bias": self.linear.bias}
        if isinstance(self.norm, LayerNorm):
            names.update(gain=self.norm.gain, offset=self.norm.offset)
        return names

    def arranged(self, values):
        """A parameter as the golden vectors have it, in this layer's order."""
        if values.dim() == 4:
            return values.permute(3, 2, 0, 1)
        if values.dim() == 2 and self.inputs is not None:
            values = torch.cat([values[self.inputs], values[len(self.inputs) :]])
        if self.outputs is not None:
            values = values[..., self.outputs]
        return values.t()


class Convolution(Affine):
    """With TensorFlow's SAME padding, after nearest-neighbour enlargement where `scale` is not 1."""

    def __init__(self, image, spec):
        kernel = spec["kernel"]
        stride = spec.get("stride", 1) if spec["type"] == "conv" else 1
        scale = spec.get("scale", 2) if spec["type"] == "resizeConv" else 1
        sizes = [size * scale for size in image[:2]]
        outputs = [math.ceil(size / stride) for size in sizes]
        total = [max((out - 1) * stride + kernel - size, 0) for out, size in zip(outputs, sizes)]
        rows, columns = [(size // 2, size - size // 2) for size in total]  # before and after
        even = rows[0] == rows[1] and columns[0] == columns[1]
        padding = (rows[0], columns[0]) if even else 0
        super().__init__(nn.Conv2d(image[2], spec["size"], kernel, stride, padding), spec)
        self.scale = scale
        self.pad = None if even else (*columns, *rows)
        self.image = [*outputs, spec["size"]]

    def forward(self, x):
        if self.scale != 1:
            x = F.interpolate(x, scale_factor=self.scale, mode="nearest")
        return super().forward(x if self.pad is None else F.pad(x, self.pad))


class Recurrent(Affine):
    """z = [input, h] W + b: the new h is activation(z), the output activation(norm(z))."""

    def __init__(self, inputs, spec):
        super().__init__(nn.Linear(inputs + spec["size"], spec["size"]), spec)

    def forward(self, x, hidden):
        z = self.linear(torch.cat([x, hidden], 1))
        hidden = self.activation(z)
        return (self.activation(self.norm(z)) if isinstance(self.norm, LayerNorm) else hidden), hidden


def stack(specs, shape):
    """Layers in order, the shape of what they give (images [height, width, channels]), and its order where flattened."""
    layers, order = [], None
    for spec in specs:
        kind = spec["type"]
        if kind == "dense":
            layer = Affine(nn.Linear(shape[0], spec["size"]), spec)
            layer.inputs, order, shape = order, None, [spec["size"]]
        elif kind in ("conv", "resizeConv"):
            layer = Convolution(shape, spec)
            shape = layer.image
        elif kind == "inputNorm":
            layer = InputNorm()
        elif kind == "flatten":
            layer = View([math.prod(shape)])
            order, shape = channels_first(shape) if len(shape) == 3 else order, layer.shape
        elif kind == "reshape":
            shape = spec["shape"]
            layer = View([shape[2], shape[0], shape[1]] if len(shape) == 3 else shape)
            if len(shape) == 3 and layers and isinstance(layers[-1], Affine):
                layers[-1].outputs = channels_first(shape)
        else:
            raise SystemExit(f"unknown layer type '{kind}': use a layer of @nem/core.")
        layers.append(layer)
    return nn.Sequential(*layers), shape, order


class RnnEm(nn.Module):
    def __init__(self, network, pixels):
        super().__init__()
        self.encoder, shape, order = stack(network["input"], [pixels])
        self.recurrent = Recurrent(shape[0], network["recurrent"])
        self.recurrent.inputs = order
        self.hidden = network["recurrent"]["size"]
        self.decoder, _, _ = stack(network["output"], [self.hidden])
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Conv2d)):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)

    def forward(self, x, hidden):
        output, hidden = self.recurrent(self.encoder(x), hidden)
        return self.decoder(output).reshape(x.shape), hidden

    def named(self):
        """By the golden vectors' names: each parameter and its layer."""
        layers = {"recurrent": self.recurrent}
        for name, part in (("input", self.encoder), ("output", self.decoder)):
            layers.update((f"{name}.{i}", layer) for i, layer in enumerate(part) if isinstance(layer, Affine))
        return {f"{at}.{name}": (value, layer) for at, layer in layers.items() for name, value in layer.named().items()}


class NEm(nn.Module):
    def __init__(self, network, pixels):
        super().__init__()
        self.hidden = network["size"]
        self.weights = nn.Parameter(nn.init.xavier_uniform_(torch.empty(pixels, self.hidden)))
        self.step = nn.Parameter(torch.ones(1))

    def forward(self, x, theta):
        s = torch.sigmoid(theta)
        theta = theta + self.step * s * (1 - s) * (x @ self.weights)
        return torch.sigmoid(torch.sigmoid(theta) @ self.weights.t()), theta

    def named(self):
        return {"nem.weights": (self.weights, self), "nem.step": (self.step, self)}

    def arranged(self, values):
        return values


class Bernoulli:
    def __init__(self, mixture):
        self.prior = mixture.get("prior", 0)

    def likelihood(self, x, psi):
        return x * psi + (1 - x) * (1 - psi)

    def losses(self, x, psi):
        """Negative log likelihood, and divergence from the prior."""
        psi = psi.clamp(EPSILON, 1 - EPSILON)
        on, off = psi.log(), (1 - psi).log()
        divergence = -off
        if self.prior:
            p = self.prior
            divergence = p * (math.log(p) - on) + (1 - p) * (math.log(1 - p) - off)
        return -(x * on + (1 - x) * off), divergence


class Gaussian:
    def __init__(self, mixture):
        self.prior, self.sigma = mixture.get("prior", 0), mixture.get("sigma", 0.25)

    def likelihood(self, x, psi):
        scale = 1 / (self.sigma * math.sqrt(2 * math.pi))
        return scale * torch.exp((x - psi) ** 2 * (-1 / (2 * self.sigma**2)))

    def losses(self, x, psi):
        return (psi - x) ** 2 / 2, (psi - self.prior) ** 2 / 2


class Model(nn.Module):
    """A network unrolled as expectation maximization; tensors are [batch, components, pixels]."""

    def __init__(self, spec):
        super().__init__()
        pixels = math.prod(spec["image"])
        network = spec["network"]
        self.cell = (NEm if network["type"] == "n-em" else RnnEm)(network, pixels)
        self.mixture = (Bernoulli if spec["mixture"]["distribution"] == "bernoulli" else Gaussian)(spec["mixture"])
        self.initial = spec.get("initialPrediction", 0)
        objective = spec["objective"]
        self.inter_weight = objective["interWeight"]
        self.step_weights = objective["stepWeights"]
        self.through_loss = objective["gammaGradient"] in (True, "loss")
        self.through_mask = objective["gammaGradient"] in (True, "mask")

    def advance(self, target, corrupted, psi, gamma, hidden):
        """One step of expectation maximization: the new ψ, γ and h."""
        batch, components, pixels = gamma.shape
        masked = (gamma if self.through_mask else gamma.detach()) * (corrupted[:, None] - psi)
        psi, hidden = self.cell(masked.view(batch * components, pixels), hidden)
        psi = psi.view(batch, components, pixels)
        likelihood = self.mixture.likelihood(target[:, None], psi) + EPSILON
        gamma = likelihood / likelihood.sum(1, keepdim=True)
        return psi, gamma, hidden

    def unroll(self, target, corrupted, gamma):
        """ψ, γ and h of each step; `target(t)` is the clean frame after step t, `corrupted(t)` the noisy one before it."""
        batch, components, _ = gamma.shape
        psi = torch.full_like(gamma, self.initial)
        hidden = gamma.new_zeros(batch * components, self.cell.hidden)
        for t in range(len(self.step_weights)):
            psi, gamma, hidden = self.advance(target(t), corrupted(t), psi, gamma, hidden)
            yield psi, gamma, hidden

    def step_losses(self, target, psi, gamma):
        """Intra- and inter-cluster loss."""
        nll, divergence = self.mixture.losses(target[:, None], psi)
        batch = len(target)
        gamma = gamma if self.through_loss else gamma.detach()
        return (gamma * nll).sum() / batch, ((1 - gamma) * divergence).sum() / batch

    def forward(self, target, corrupted, gamma):
        """The loss of the sequence."""
        loss = 0
        for t, (psi, gamma_t, _) in enumerate(self.unroll(target, corrupted, gamma)):
            if self.step_weights[t] != 0:
                intra, inter = self.step_losses(target(t), psi, gamma_t)
                loss = loss + self.step_weights[t] * (intra + self.inter_weight * inter)
        return loss


def adam(model, spec):
    options = spec.get("optimizer") or {}
    betas = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    return torch.optim.Adam(
        model.parameters(), options.get("learningRate", 1e-3), betas=betas, eps=options.get("epsilon", 1e-8)
    )


def clip(model, spec):
    """Scales gradients whose norm over all parameters is above the bound down to it, where there is a bound."""
    bound = (spec.get("optimizer") or {}).get("clipNorm")
    if bound is not None:
        nn.utils.clip_grad_norm_(model.parameters(), bound)


def choose_device(wanted):
    if wanted == "gpu" and torch.cuda.is_available():
        return torch.device("cuda")
    if wanted == "gpu" and hasattr(torch.backends, "mps") and torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def synchronize(device):
    if device.type != "cpu":
        getattr(torch, device.type).synchronize()


def random_frames(spec, job, device):
    """Clean frames [T + 1, batch, pixels], one for still images, and noisy ones [T, batch, pixels]."""
    batch, pixels, steps = job["batch"], math.prod(spec["image"]), len(spec["objective"]["stepWeights"])
    clean = torch.rand(1 if job["still"] else steps + 1, batch, pixels, device=device)
    noise = torch.rand(steps, batch, pixels, device=device)
    if spec["mixture"]["distribution"] == "bernoulli":
        clean, flips = (clean < 0.15).float(), (noise < 0.2).float()
        return clean, clean[:steps] + flips - 2 * clean[:steps] * flips
    return clean, torch.where(noise < 0.2, noise * 5, clean[:steps])


def peak_memory():
    """MiB of the process, or None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


class CannotCompile(Exception):
    """Why there is no compiled step, as a sentence."""


def compile_steps(model):
    """Compiles a step of expectation maximization with its losses: the loop over steps stays, as in eager mode."""
    if not hasattr(torch, "compile"):
        raise CannotCompile(f"PyTorch {torch.__version__} has no torch.compile: use 2.0 or newer.")
    for name in ("advance", "step_losses"):
        setattr(model, name, torch.compile(getattr(model, name), dynamic=False))


def time_model(job, device, compiled):
    """Seconds of the first step, median seconds of the last `steps`, the last one's loss, and the parameters' number."""
    spec, steps = job["spec"], job["steps"]
    torch.manual_seed(0)
    model = Model(spec).to(device)
    if compiled:
        compile_steps(model)
    optimizer = adam(model, spec)
    clean, corrupted = random_frames(spec, job, device)
    shape = (job["batch"], spec["components"], clean.shape[2])

    def step():
        gamma = torch.randn(shape, device=device).abs()
        gamma = gamma / gamma.sum(1, keepdim=True)
        optimizer.zero_grad()
        loss = model(lambda t: clean[0 if job["still"] else t + 1], lambda t: corrupted[t], gamma)
        loss.backward()
        clip(model, spec)
        optimizer.step()
        return loss.item()

    seconds = []
    for _ in range(steps + (1 if device.type == "cpu" else 3)):
        synchronize(device)
        start = time.perf_counter()
        loss = step()
        synchronize(device)
        seconds.append(time.perf_counter() - start)
    parameters = sum(p.numel() for p in model.parameters())
    return seconds[0], statistics.median(seconds[-steps:]), loss, parameters


def time_compiled(job, device):
    """What is said of torch.compile; a compiler that fails is told, and fails nothing."""
    try:
        first, seconds, loss, _ = time_model(job, device, compiled=True)
    except CannotCompile as error:
        return {"compileError": str(error)}
    except Exception as error:  # of PyTorch's compilers, of whatever type
        lines = [line for line in str(error).splitlines() if line.strip() and not line.endswith("raised:")]
        said = lines[0].strip() if lines else type(error).__name__
        return {"compileError": f"torch.compile of PyTorch {torch.__version__} failed ({said})."}
    return {"compiled": {"seconds": seconds, "loss": loss, "firstSeconds": first}}


def time_steps(job):
    torch.set_num_threads(job["threads"])
    # Plain float32 on a GPU, as our engines compute.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    device = choose_device(job["device"])
    _, seconds, loss, parameters = time_model(job, device, compiled=False)
    peak = peak_memory()
    return {
        "seconds": seconds,
        "loss": loss,
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if device.type == "cuda" else device.type,
        "threads": torch.get_num_threads(),
        "parameters": parameters,
        "peakMemory": peak,
        **(time_compiled(job, device) if job.get("compile") else {}),
    }


def vector_spec(vector):
    """A golden vector's network and objective as an engine's specification."""
    network = vector["network"]
    named = lambda layer: {**layer, "layerNorm": layer.get("ln", False)}
    if network.get("nem"):
        network = {"type": "n-em", "size": network["recurrent"]["size"]}
    else:
        parts = {part: [named(layer) for layer in network[part]] for part in ("input", "output")}
        network = {"type": "rnn-em", "recurrent": named(network["recurrent"]), **parts}
    return {
        "network": network,
        "mixture": {
            "distribution": vector["distribution"],
            "sigma": vector.get("eSigma", 0.25),
            "prior": vector["pixelPrior"],
        },
        "objective": {key: vector[key] for key in ("interWeight", "stepWeights", "gammaGradient")},
        "image": vector["image"],
        "components": vector["components"],
        "initialPrediction": vector.get("predInit", 0.0),
        "optimizer": vector.get("training", {}),
    }


def verify(vector):
    """Quantities by name, each ours and expected."""
    spec = vector_spec(vector)
    model = Model(spec)
    parameters = model.cell.named()
    expected = vector["expected"]
    arranged = lambda name, values: parameters[name][1].arranged(
        torch.tensor(values).view(vector["parameters"][name]["shape"])
    )
    with torch.no_grad():
        for name, (parameter, _) in parameters.items():
            parameter.copy_(arranged(name, vector["parameters"][name]["values"]))
    pixels = math.prod(vector["image"])
    clean, corrupted = (
        torch.tensor(vector["inputs"][name]).view(-1, vector["batch"], pixels) for name in ("clean", "corrupted")
    )
    gamma = torch.tensor(vector["inputs"]["gamma0"]).view(vector["batch"], vector["components"], pixels)
    inputs = (lambda t: clean[t + 1], lambda t: corrupted[t], gamma)

    if "training" in vector:
        optimizer, losses = adam(model, spec), []
        for _ in range(vector["training"]["updates"]):
            optimizer.zero_grad()
            loss = model(*inputs)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        yield "losses before the updates", torch.tensor(losses), torch.tensor(expected["losses"])
        for name, values in expected["parameters"].items():
            yield f"{name} after the updates", parameters[name][0], arranged(name, values)
        return

    loss = model(*inputs)
    loss.backward()
    yield "loss", loss, torch.tensor(expected["loss"])
    for t, (psi, gamma_t, hidden) in enumerate(model.unroll(*inputs)):
        intra, inter = model.step_losses(clean[t + 1], psi, gamma_t)
        for name, ours in (("pred", psi), ("gamma", gamma_t), ("hidden", hidden), ("intra", intra), ("inter", inter)):
            yield f"{name} of step {t}", ours, torch.tensor(expected[name][t])
    for name, parameter in vector["parameters"].items():
        yield f"gradient of {name}", parameters[name][0].grad, arranged(name, parameter["gradient"])


def relative_error(ours, expected):
    difference, norm = (ours.flatten() - expected.flatten()).norm().item(), expected.norm().item()
    return difference / norm if norm else difference


def main(arguments):
    if arguments == ["time"]:
        print(json.dumps(time_steps(json.load(sys.stdin))))
    elif arguments[:1] == ["verify"] and len(arguments) > 1:
        torch.set_default_dtype(torch.float64)
        for path in arguments[1:]:
            with open(path, encoding="utf-8") as file:
                vector = json.load(file)
            for quantity, ours, expected in verify(vector):
                error = relative_error(ours, expected)
                print(json.dumps({"vector": vector["name"], "quantity": quantity, "error": error}))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
