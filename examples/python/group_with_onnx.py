"""Groups the pixels of images with a network that `nem export <run> --onnx model.onnx` wrote.

    pip install onnxruntime numpy
    python group_with_onnx.py model.onnx images.npy groups.npy [components]

images.npy: [batch, height, width], or sequences [frames, batch, height, width]; pixels from 0 to 1. groups.npy gets the number of the
component that each pixel belongs to, of the last frame: [batch, height, width].
"""

import json
import sys

import numpy as np
import onnxruntime


def initial_gamma(shape, seed=0):
    """|N(0, 1)| for each component and pixel, divided by its sum over the components; [batch, components, height, width]."""
    gamma = np.abs(np.random.default_rng(seed).standard_normal(shape, dtype=np.float32))
    return gamma / gamma.sum(axis=1, keepdims=True)


def unroll(session, frames, next_frames, gamma):
    """Gives ψ, γ and h after each step; `frames` and `next_frames` are [steps, batch, height, width]."""
    model = json.loads(session.get_modelmeta().custom_metadata_map["model"])
    hidden_size = session.get_inputs()[4].shape[2]
    state = {
        "psi": np.full_like(gamma, model.get("initialPrediction", 0)),
        "gamma": gamma,
        "hidden": np.zeros((*gamma.shape[:2], hidden_size), np.float32),
    }
    for frame, next_frame in zip(frames, next_frames):
        outputs = session.run(
            ["next_psi", "next_gamma", "next_hidden"],
            {"frame": frame, "next_frame": next_frame, **state},
        )
        state = dict(zip(["psi", "gamma", "hidden"], outputs))
        yield state


def main(model_file, images_file, groups_file, components=None):
    session = onnxruntime.InferenceSession(model_file)
    model = json.loads(session.get_modelmeta().custom_metadata_map["model"])
    images = np.load(images_file).astype(np.float32)
    if images.ndim == 3:  # still images: every step sees them
        images = np.broadcast_to(images, (model["steps"] + 1, *images.shape))
    batch, height, width = images.shape[1:]
    gamma = initial_gamma((batch, int(components or model["components"]), height, width))
    for state in unroll(session, images[:-1], images[1:], gamma):
        pass
    np.save(groups_file, state["gamma"].argmax(axis=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
