"""Exact gradients of NumPy programs in float64: each array knows how a gradient goes back to what it was made of."""

import itertools

import numpy as np

_serial = itertools.count()


class Array:
    """A float64 array. `sources` are pairs of an Array and the function that gives its gradient from this one's."""

    __array_ufunc__ = None  # NumPy's operators leave `ndarray * Array` to this class.

    def __init__(self, value, sources=()):
        self.value = np.asarray(value, dtype=np.float64)
        self.shape = self.value.shape
        self.sources = sources
        self.serial = next(_serial)

    def __add__(self, other):
        other = lift(other)
        return elementwise(self.value + other.value, (self, 1), (other, 1))

    def __mul__(self, other):
        other = lift(other)
        return elementwise(self.value * other.value, (self, other.value), (other, self.value))

    def __truediv__(self, other):
        other = lift(other)
        quotient = self.value / other.value
        return elementwise(quotient, (self, 1 / other.value), (other, -quotient / other.value))

    def __neg__(self):
        return elementwise(-self.value, (self, -1))

    def __sub__(self, other):
        return self + -lift(other)

    def __rsub__(self, other):
        return lift(other) - self

    def __rtruediv__(self, other):
        return lift(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __matmul__(self, other):
        other = lift(other)
        back = ((self, lambda g: g @ other.value.T), (other, lambda g: self.value.T @ g))
        return Array(self.value @ other.value, back)

    def __getitem__(self, key):
        """Any indexing of NumPy's; elements that were taken several times get the sum of the gradients."""

        def back(g):
            out = np.zeros(self.shape)
            np.add.at(out, key, g)
            return out

        return Array(self.value[key], [(self, back)])

    @property
    def T(self):
        return Array(self.value.T, [(self, np.transpose)])

    def reshape(self, *shape):
        return Array(self.value.reshape(shape), [(self, lambda g: g.reshape(self.shape))])

    def sum(self, axis=None, keepdims=False):
        def back(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return np.broadcast_to(g, self.shape)

        return Array(self.value.sum(axis=axis, keepdims=keepdims), [(self, back)])

    def mean(self, axis, keepdims=False):
        total = self.sum(axis, keepdims)
        return total / (self.value.size / total.value.size)

    def pad(self, widths):
        inside = tuple(slice(before, before + size) for (before, _), size in zip(widths, self.shape))
        return Array(np.pad(self.value, widths), [(self, lambda g: g[inside])])


def lift(value):
    return value if isinstance(value, Array) else Array(value)


def constant(array):
    """The same numbers, through which no gradient goes back."""
    return Array(array.value)


def elementwise(value, *partials):
    """`partials` are pairs of a source and the derivative with respect to it; sources may have been broadcast."""

    def back(source, derivative):
        def sum_to_source(g):
            g = np.broadcast_to(g * derivative, value.shape)
            g = g.sum(axis=tuple(range(g.ndim - source.value.ndim)))
            stretched = tuple(i for i, size in enumerate(source.shape) if size == 1)
            return g.sum(axis=stretched, keepdims=True)

        return source, sum_to_source

    return Array(value, [back(*partial) for partial in partials])


def concatenate(left, right):
    """Joins two matrices along their columns."""
    at = left.shape[1]
    back = [(left, lambda g: g[:, :at]), (right, lambda g: g[:, at:])]
    return Array(np.concatenate([left.value, right.value], 1), back)


def exp(x):
    y = np.exp(x.value)
    return elementwise(y, (x, y))


def log(x):
    return elementwise(np.log(x.value), (x, 1 / x.value))


def sqrt(x):
    y = np.sqrt(x.value)
    return elementwise(y, (x, 0.5 / y))


def clip(x, low, high):
    return elementwise(np.clip(x.value, low, high), (x, (x.value >= low) & (x.value <= high)))


def sigmoid(x):
    y = 1 / (1 + np.exp(-x.value))
    return elementwise(y, (x, y * (1 - y)))


def tanh(x):
    y = np.tanh(x.value)
    return elementwise(y, (x, 1 - y**2))


def elu(x):
    y = np.where(x.value > 0, x.value, np.expm1(np.minimum(x.value, 0)))
    return elementwise(y, (x, np.where(x.value > 0, 1, y + 1)))


def relu(x):
    return elementwise(np.maximum(x.value, 0), (x, x.value > 0))


def linear(x):
    return x


def gradients(result, arrays):
    """The gradients of a scalar `result` with respect to each of `arrays`."""
    reached, waiting = {}, [result]
    while waiting:
        array = waiting.pop()
        if array.serial not in reached:
            reached[array.serial] = array
            waiting += [source for source, _ in array.sources]
    found = {result.serial: np.ones(())}
    # An array is made after its sources, so that its own gradient is complete before it goes on to them.
    for serial in sorted(reached, reverse=True):
        for source, back in reached[serial].sources:
            found[source.serial] = found.get(source.serial, 0) + back(found[serial])
    return [found.get(array.serial, np.zeros(array.shape)) for array in arrays]
