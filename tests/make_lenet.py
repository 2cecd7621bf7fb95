"""Makes data/lenet.npz: the weights of the two networks that chapter 6 shows without training them anew.

    KERAS_BACKEND=torch python tests/make_lenet.py [lenet] [small]

LeNet for the figures feature-maps and draw-a-digit: trained on 4,000 digits of mnist5k; in each of its epochs the
digits are moved by up to 2 pixels, and some of them are made black and white, as drawn ones are. The small network
for lesson 6.4: trained in the same way on the digits 0 to 4 alone. Both are kept as 16-bit numbers. With names, only
these are made anew. Deterministic on one machine; on another one the last bits may differ, and with them the
checksum in data/index.toml.
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from tutor import data, paths

EPOCHS = 14
BASE_EPOCHS = 15
TAUGHT = 300
"""Digits of each class that the small network is trained on: the first ones of the file. The rest is for the lesson."""
Array = npt.NDArray[np.float32]


def lenet() -> keras.Model:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((32, 32, 1)),
        layers.Conv2D(6, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(120, activation="relu"), layers.Dense(84, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


def small() -> keras.Model:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(32, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dropout(0.5),
        layers.Dense(32, activation="relu"), layers.Dense(5, activation="softmax"),
    ])  # fmt: skip


def compiled(model: keras.Model) -> keras.Model:
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def varied(images: Array, rng: np.random.Generator) -> Array:
    """The same digits, each moved a little, and a part in black and white. images: (n, rows, columns), 0 to 1."""
    moved = np.stack([np.roll(image, rng.integers(-2, 3, 2), (0, 1)) for image in images])
    hard = rng.random(len(images)) < 0.4
    moved[hard] = moved[hard] > rng.uniform(0.2, 0.6)
    return moved[..., None].astype("float32")


def train_lenet(images: Array, labels: Array) -> keras.Model:
    keras.utils.set_random_seed(6)
    rng = np.random.default_rng(6)
    order = np.random.default_rng(0).permutation(len(images))
    taught, held = order[:4000], order[4000:]
    wide = np.pad(images, ((0, 0), (2, 2), (2, 2))).astype("float32") / 255
    model = compiled(lenet())
    for epoch in range(EPOCHS):
        model.fit(varied(wide[taught], rng), labels[taught], batch_size=64, verbose=0)
        print("epoch", epoch + 1, model.evaluate(wide[held][..., None], labels[held], verbose=0), flush=True)
    return model


def train_small(images: Array, labels: Array) -> keras.Model:
    keras.utils.set_random_seed(6)
    rng = np.random.default_rng(6)
    taught = np.concatenate([np.flatnonzero(labels == digit)[:TAUGHT] for digit in range(5)])
    model = compiled(small())
    small_images = images[taught].astype("float32") / 255
    for epoch in range(BASE_EPOCHS):
        told = model.fit(varied(small_images, rng), labels[taught], batch_size=64, verbose=0)
        print("epoch", epoch + 1, told.history["accuracy"], flush=True)
    return model


def main() -> None:
    digits = data.load("mnist5k")
    path = Path(paths.data_dir()) / "lenet.npz"
    models = {"lenet": train_lenet, "small": train_small}
    wanted = sys.argv[1:] or list(models)
    arrays = {}
    if len(wanted) < len(models):
        with np.load(path) as file:
            arrays = {name: array for name, array in file.items() if name.partition("_")[0] not in wanted}
    for name in wanted:
        train = models[name]
        weights = train(digits["images"], digits["labels"].astype(int)).get_weights()
        arrays.update({f"{name}_{at}": weight.astype(np.float16) for at, weight in enumerate(weights)})
    np.savez_compressed(path, **dict(sorted(arrays.items())))


if __name__ == "__main__":
    main()
