"""Makes and checks golden vectors: the method in NumPy and float64, independent of every engine.

vectors.py check FILE...
    Computes again what each golden vector expects from its network, parameters and inputs, and compares. Prints a line
    for each vector and one for each quantity that differs; exits with 1 where there is such a quantity.

vectors.py make FILE [SEED]
    Writes FILE as a golden vector to standard output. FILE is a golden vector or a specification, which has no
    `parameters`, `inputs` or `expected`: those that it has are kept, but for `expected`, and those that it lacks are
    drawn from SEED (an integer, by default 0).

Needs NumPy and nothing else.
"""

import json
import math
import sys

import numpy as np

import autodiff as ad

EPSILON = 1e-6  # added to each likelihood; also how far ψ is kept from 0 and 1 in logarithms
NORM_EPSILON = 1e-12
DIGITS = 9  # of each number in an array, enough to name a float32; losses have all of theirs
ARRAY_BOUND = 5e-9  # the most that half a unit in the ninth digit can be
LOSS_BOUND = 1e-12
LOSSES = ("loss", "losses", "intra", "inter", "total", "upper")


class VectorError(Exception):
    """What is wrong with a vector, as a sentence."""


# ---- The networks ----

ACTIVATIONS = {"linear": ad.linear, "sigmoid": ad.sigmoid, "tanh": ad.tanh, "relu": ad.relu, "elu": ad.elu}


def choose(table, name, what):
    if name not in table:
        raise VectorError(f"the {what} '{name}' is unknown: use one of {', '.join(table)}.")
    return table[name]


def normalized(x, epsilon):
    """Each sample with mean 0 and variance 1 over all its axes."""
    axes = tuple(range(1, len(x.shape)))
    centred = x - x.mean(axes, keepdims=True)
    return centred / ad.sqrt((centred * centred).mean(axes, keepdims=True) + epsilon)


def normed(z, layer, name, parameters):
    if not layer.get("ln", False):
        return z
    channels = z.shape[-1:]
    gain, offset = (parameters(f"{name}.{part}", channels) for part in ("gain", "offset"))
    return normalized(z, NORM_EPSILON) * gain + offset


def activated(z, layer, name, parameters):
    return choose(ACTIVATIONS, layer["activation"], "activation")(normed(z, layer, name, parameters))


def affine(rows, layer, name, parameters, shape):
    """The affine map of a matrix, with weights of `shape`, whose last axis holds the outputs."""
    weights = parameters(f"{name}.weights", shape)
    return rows @ weights.reshape(-1, shape[-1]) + parameters(f"{name}.bias", shape[-1:])


def dense(x, layer, name, parameters):
    z = affine(x, layer, name, parameters, (x.shape[1], layer["size"]))
    return activated(z, layer, name, parameters)


def windows(size, kernel, stride):
    """TensorFlow's SAME padding of an axis: pixels of each window [outputs, kernel], and the padding before and after."""
    outputs = math.ceil(size / stride)
    padding = max((outputs - 1) * stride + kernel - size, 0)
    pixels = np.arange(outputs)[:, None] * stride + np.arange(kernel)
    return pixels, (padding // 2, padding - padding // 2)


def conv(x, layer, name, parameters):
    samples, height, width, channels = x.shape
    kernel, stride, size = layer["kernel"], layer.get("stride", 1), layer["size"]
    rows, above_below = windows(height, kernel, stride)
    columns, left_right = windows(width, kernel, stride)
    padded = x.pad([(0, 0), above_below, left_right, (0, 0)])
    patches = padded[:, rows[:, None, :, None], columns[None, :, None, :]]
    patches = patches.reshape(-1, kernel * kernel * channels)
    z = affine(patches, layer, name, parameters, (kernel, kernel, channels, size))
    return activated(z.reshape(samples, len(rows), len(columns), size), layer, name, parameters)


def resize_conv(x, layer, name, parameters):
    scale = layer.get("scale", 2)
    rows, columns = (np.arange(size * scale) // scale for size in x.shape[1:3])
    return conv(x[:, rows[:, None], columns], {**layer, "stride": 1}, name, parameters)


LAYERS = {
    "dense": dense,
    "conv": conv,
    "resizeConv": resize_conv,
    "reshape": lambda x, layer, name, parameters: x.reshape(-1, *layer["shape"]),
    "flatten": lambda x, layer, name, parameters: x.reshape(x.shape[0], -1),
    "inputNorm": lambda x, layer, name, parameters: normalized(x, 0),
}


def stack(x, layers, part, parameters):
    for index, layer in enumerate(layers):
        x = choose(LAYERS, layer["type"], "layer type")(x, layer, f"{part}.{index}", parameters)
    return x


def rnn_em(x, hidden, network, parameters):
    """ψ of each pixel, and the new h."""
    x, layer = stack(x, network["input"], "input", parameters), network["recurrent"]
    joined = ad.concatenate(x, hidden)
    z = affine(joined, layer, "recurrent", parameters, (joined.shape[1], layer["size"]))
    activation = choose(ACTIVATIONS, layer["activation"], "activation")
    output = activated(z, layer, "recurrent", parameters)
    return stack(output, network["output"], "output", parameters), activation(z)


def n_em(x, theta, network, parameters):
    """ψ of each pixel, and the new θ."""
    weights = parameters("nem.weights", (x.shape[1], theta.shape[1]))
    s = ad.sigmoid(theta)
    theta = theta + parameters("nem.step", (1,)) * s * (1 - s) * (x @ weights)
    return ad.sigmoid(ad.sigmoid(theta) @ weights.T), theta


# ---- The mixture ----


def bernoulli_losses(x, psi, prior):
    """Negative log likelihood, and divergence from the prior."""
    psi = ad.clip(psi, EPSILON, 1 - EPSILON)
    on, off = ad.log(psi), ad.log(1 - psi)
    divergence = (1 - prior) * (math.log(1 - prior) - off)
    if prior > 0:
        divergence = divergence + prior * (math.log(prior) - on)
    return -(x * on + (1 - x) * off), divergence


def gaussian_losses(x, psi, prior):
    return (psi - x) * (psi - x) / 2, (psi - prior) * (psi - prior) / 2


def gaussian_likelihood(x, psi, sigma):
    return ad.exp((x - psi) * (x - psi) / (-2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))


MIXTURES = {
    "bernoulli": (lambda x, psi, sigma: x * psi + (1 - x) * (1 - psi), bernoulli_losses),
    "gaussian": (gaussian_likelihood, gaussian_losses),
}


# ---- Expectation maximization ----


def unroll(vector, parameters, inputs):
    """The loss with its gradients, and the expected quantities of all steps."""
    network, batch, components = vector["network"], vector["batch"], vector["components"]
    likelihood, losses = choose(MIXTURES, vector["distribution"], "distribution")
    sigma, prior = vector.get("eSigma", 0.25), vector.get("pixelPrior", 0)
    cell = n_em if network.get("nem") else rnn_em
    clean, corrupted = inputs["clean"], inputs["corrupted"]
    gamma = ad.lift(inputs["gamma0"])
    psi = ad.lift(np.full(gamma.shape, vector.get("predInit", 0)))
    hidden = ad.lift(np.zeros((batch * components, network["recurrent"]["size"])))
    step_weights = shaped(vector["stepWeights"], (vector["steps"],), "stepWeights")
    # Where the gradient is let through γ: true is both, false neither.
    gradient = vector["gammaGradient"]
    if gradient not in (True, False, "loss", "mask"):
        raise VectorError(f"gammaGradient is {json.dumps(gradient)}: give true, false, 'loss' or 'mask'.")
    loss, steps = ad.lift(0), []
    for t in range(vector["steps"]):
        masked = gamma * (corrupted[t][:, None] - psi)
        psi, hidden = cell(masked.reshape(batch * components, -1), hidden, network, parameters)
        if psi.value.size != gamma.value.size:
            raise VectorError(f"the network gives {list(psi.shape)}: make its last layer give the pixels of an image.")
        psi = psi.reshape(*gamma.shape)
        x = clean[t + 1]
        likely = likelihood(x[:, None], psi, sigma) + EPSILON
        gamma = likely / likely.sum(axis=1, keepdims=True)
        share = gamma if gradient in (True, "loss") else ad.constant(gamma)
        gamma = gamma if gradient in (True, "mask") else ad.constant(gamma)
        nll, divergence = losses(x[:, None], psi, prior)
        intra, inter = (share * nll).sum() / batch, ((1 - share) * divergence).sum() / batch
        total = intra + vector["interWeight"] * inter
        loss = loss + step_weights[t] * total
        upper = losses(x, ad.lift(psi.value.max(axis=1)), prior)[0].sum() / batch
        found = {"hidden": hidden, "pred": psi, "gamma": gamma, "intra": intra, "inter": inter, "total": total}
        steps.append({name: array.value for name, array in {**found, "upper": upper}.items()})
    return loss, {name: np.stack([step[name] for step in steps]) for name in steps[0]}


def loss_and_gradients(vector, values, inputs):
    parameters = Parameters(values)
    loss, quantities = unroll(vector, parameters, inputs)
    used = parameters.used
    return loss.value, dict(zip(used, ad.gradients(loss, list(used.values())))), quantities


def train(vector, values, inputs):
    """The losses before each of Adam's updates, and the parameters after the last."""
    rate, updates = vector["training"]["learningRate"], vector["training"]["updates"]
    first, second = ({name: np.zeros(array.shape) for name, array in values.items()} for _ in range(2))
    losses = []
    for update in range(1, updates + 1):
        loss, gradients, _ = loss_and_gradients(vector, values, inputs)
        losses.append(loss)
        for name, g in gradients.items():
            first[name] = 0.9 * first[name] + 0.1 * g
            second[name] = 0.999 * second[name] + 0.001 * g**2
            mean, variance = first[name] / (1 - 0.9**update), second[name] / (1 - 0.999**update)
            values = {**values, name: values[name] - rate * mean / (np.sqrt(variance) + 1e-8)}
    return np.array(losses), values


def compute(vector, values, inputs):
    """Every number that a golden vector expects, by name."""
    found = quantities_by_name(vector, values, inputs)
    for name, array in found.items():
        if not np.isfinite(array).all():
            raise VectorError(f"{name} is not finite: give other parameters or inputs.")
    return found


def quantities_by_name(vector, values, inputs):
    loss, gradients, quantities = loss_and_gradients(vector, values, inputs)
    if "training" not in vector:
        return {"loss": loss, **quantities, **{f"gradient of {name}": g for name, g in gradients.items()}}
    losses, trained = train(vector, values, inputs)
    return {"losses": losses, **{f"{name} after the updates": value for name, value in trained.items()}, "loss": loss}


# ---- Reading, drawing and writing ----


class Parameters:
    """Arrays by name. One that is missing is drawn where a random generator is given, and an error elsewhere."""

    def __init__(self, values, random=None):
        self.values = dict(values)
        self.random = random
        self.used = {}

    def __call__(self, name, shape):
        if name not in self.values:
            if self.random is None:
                raise VectorError(f"the parameter {name} is missing: give one of shape {list(shape)}.")
            self.values[name] = single(self.draw(name, shape))
        if self.values[name].shape != tuple(shape):
            raise VectorError(f"{name} has the shape {list(self.values[name].shape)}: give {list(shape)}.")
        return self.used.setdefault(name, ad.lift(self.values[name]))

    def draw(self, name, shape):
        kind = name.rsplit(".", 1)[1]
        noise = self.random.standard_normal(shape)
        if kind == "weights":
            return noise * math.sqrt(2 * shape[-1] / (math.prod(shape) + shape[-1] ** 2))
        return 0.1 * noise + (1 if kind in ("gain", "step") else 0)


def single(array):
    return array.astype(np.float32).astype(np.float64)


def rounded(array):
    return np.array([float(f"{value:.{DIGITS}g}") for value in array.flat]).reshape(array.shape)


def shaped(values, shape, name):
    array = np.array(values, dtype=np.float64)
    if array.size != math.prod(shape):
        raise VectorError(f"{name} has {array.size} numbers: give {math.prod(shape)}.")
    return array.reshape(shape)


def meant(vector, array):
    """
    The numbers that the digits of a parameter or an input stand for: the float32 numbers that are written so, as every
    engine reads them. Without such (N-EM's step 0.7), and for Adam's updates, it is the digits themselves.
    """
    names_singles = np.array_equal(rounded(single(array)), array)
    return single(array) if names_singles and "training" not in vector else array


def read_parameters(vector):
    return {
        name: meant(vector, shaped(parameter["values"], parameter["shape"], f"parameters.{name}.values"))
        for name, parameter in vector.get("parameters", {}).items()
    }


def input_shapes(vector):
    frames = (vector["steps"] + 1, vector["batch"], math.prod(vector["image"]))
    return {"clean": frames, "corrupted": frames, "gamma0": (vector["batch"], vector["components"], frames[2])}


def read_inputs(vector):
    inputs, shapes = vector["inputs"], input_shapes(vector)
    return {name: meant(vector, shaped(inputs[name], shape, f"inputs.{name}")) for name, shape in shapes.items()}


def draw_inputs(vector, random):
    """Frames of which some pixels are lit, with the method's noise, and its random start of γ."""
    shapes = input_shapes(vector)
    lit, replaced = (random.random(shapes["clean"]) < share for share in (0.3, 0.2))
    if vector["distribution"] == "bernoulli":
        clean, corrupted = lit, lit ^ replaced
    else:
        clean = lit * random.random(lit.shape)
        corrupted = np.where(replaced, random.random(lit.shape), clean)
    gamma = np.abs(random.standard_normal(shapes["gamma0"]))
    return {"clean": clean, "corrupted": corrupted, "gamma0": gamma / gamma.sum(axis=1, keepdims=True)}


def flat(array):
    return rounded(array).ravel().tolist()


def specified(vector, seed):
    """`vector` with all its parameters and inputs; what is missing is drawn."""
    random = np.random.default_rng(seed)
    if "inputs" not in vector:
        drawn = draw_inputs(vector, random)
        vector = {**vector, "inputs": {name: flat(single(array)) for name, array in drawn.items()}}
    parameters = Parameters(read_parameters(vector), random)
    unroll(vector, parameters, read_inputs(vector))
    # In the network's order.
    made = {name: {"shape": list(a.shape), "values": flat(a.value)} for name, a in parameters.used.items()}
    return {**vector, "parameters": made}


def make(vector, seed):
    """`vector` with all that is missing, and with what it expects computed anew."""
    vector = specified(vector, seed)
    found = compute(vector, read_parameters(vector), read_inputs(vector))
    exact = lambda name: found[name].tolist()
    parameters = vector["parameters"]
    if "training" in vector:
        after = {name: flat(found[f"{name} after the updates"]) for name in parameters}
        expected = {"losses": exact("losses"), "parameters": after, "loss": exact("loss")}
    else:
        gradients = {name: {"gradient": flat(found[f"gradient of {name}"])} for name in parameters}
        parameters = {name: {**parameter, **gradients[name]} for name, parameter in parameters.items()}
        arrays = {name: [flat(step) for step in found[name]] for name in ("hidden", "pred", "gamma")}
        losses = {name: exact(name) for name in ("intra", "inter", "total", "upper")}
        expected = {"loss": exact("loss"), **arrays, **losses}
    return {**vector, "parameters": parameters, "expected": expected}


def shipped(vector):
    """Every number that the vector expects, under the names of `compute`."""
    numbers = dict(vector["expected"])
    after = numbers.pop("parameters", {})
    numbers |= {f"{name} after the updates": values for name, values in after.items()}
    for name, parameter in vector["parameters"].items():
        if "gradient" in parameter:
            numbers[f"gradient of {name}"] = parameter["gradient"]
    return {name: np.array(values, dtype=np.float64).ravel() for name, values in numbers.items()}


def relative_error(ours, expected):
    if ours.size != expected.size:
        return math.inf
    difference, norm = np.linalg.norm(ours.ravel() - expected), np.linalg.norm(expected)
    return difference / norm if norm > 0 else difference


def check(vector):
    """The relative error of each quantity with its bound; infinite where only one side has it."""
    ours, expected = compute(vector, read_parameters(vector), read_inputs(vector)), shipped(vector)
    for name in {**ours, **expected}:
        both = name in ours and name in expected
        error = relative_error(ours[name], expected[name]) if both else math.inf
        yield name, error, LOSS_BOUND if name in LOSSES else ARRAY_BOUND


def report(file):
    """Prints how far `file` holds; gives whether it does."""
    rows = list(check(read(file)))
    wrong = [(name, error, bound) for name, error, bound in rows if not error <= bound]
    print(f"{file}: {len(rows) - len(wrong)} of {len(rows)} quantities hold.")
    for name, error, bound in wrong:
        print(f"{file}: {name} differs: the relative error is {error:.1e}, and {bound:.0e} is allowed.")
    return not wrong


def main(command="", *arguments):
    if command == "check" and arguments:
        return 0 if all([report(file) for file in arguments]) else 1
    if command == "make" and 1 <= len(arguments) <= 2:
        file, seed = (*arguments, "0")[:2]
        if not seed.isdecimal():
            raise VectorError(f"the seed is '{seed}': give an integer of at least 0.")
        json.dump(make(read(file), int(seed)), sys.stdout, separators=(",", ":"))
        return 0
    raise VectorError(__doc__.strip())


def read(file):
    try:
        with open(file, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError) as error:
        raise VectorError(f"{file} cannot be read ({error}): give a golden vector or a specification.") from error


if __name__ == "__main__":
    try:
        # Where a number overflows, either its limit is right (sigmoid) or what comes of it is refused as not finite.
        with np.errstate(all="ignore"):
            sys.exit(main(*sys.argv[1:]))
    except VectorError as error:
        sys.exit(str(error))
    except KeyError as error:
        sys.exit(f"the field {error} is missing: give a file in the format of the golden vectors.")
