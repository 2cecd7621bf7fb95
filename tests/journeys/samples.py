"""Code of learners that trains models worth watching: data and all, on a few lines."""

MOONS = """\
import keras, numpy as np
from keras import layers

rng = np.random.default_rng(0)
t, y = rng.uniform(0, np.pi, 200), rng.integers(0, 2, 200)
x = np.stack([np.where(y, 1 - np.cos(t), np.cos(t)), np.where(y, 0.4 - np.sin(t), np.sin(t))], axis=1)
x = x + rng.normal(0, 0.15, x.shape)

model = keras.Sequential([
    keras.Input((2,)),
    layers.Dense(8, activation="tanh"),
    layers.Dense(6, activation="tanh"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(keras.optimizers.Adam(RATE), "binary_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=EPOCHS, batch_size=20, validation_split=0.25)
"""
"""Two half-moons. RATE and EPOCHS are to be put in."""

SHAPES = """\
import keras, numpy as np
from keras import layers

rng = np.random.default_rng(0)
x = rng.normal(0, 0.15, (300, 16, 16, 1)).clip(0, 1).astype("float32")
y = rng.integers(0, 3, 300)                # a bar across, a bar down, a cross
for image, kind in zip(x, y):
    a, b = rng.integers(3, 12, 2)
    if kind != 1:
        image[a:a + 2, 2:14] = 1
    if kind != 0:
        image[2:14, b:b + 2] = 1

model = keras.Sequential([
    keras.Input((16, 16, 1)),
    layers.Conv2D(8, 5, padding="same", activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(8, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(3, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=8, batch_size=20, validation_split=0.2)
"""
"""Pictures of bars and crosses."""


def moons(rate: float, epochs: int) -> str:
    """MOONS with this learning rate, for so many epochs."""
    return MOONS.replace("RATE", f"{rate:g}").replace("EPOCHS", str(epochs))
