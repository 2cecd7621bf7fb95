"""What figures share: networks in numpy, data, surfaces, pacing, and the values of controls. No figure stands here."""
