/** SHA-256 of the weights of each network; written by `tools/add-model.mjs`. */
export const DIGESTS = {
  'flying-mnist': 'a216dcb0b5418572b155bd63720803b15ced8712a168b344e8d6978b71cf4cd0',
  'flying-shapes-3-k5': '53f6424bf4441ebf0d38ac7b80fdeef4973d8d9aca09b3d43e1d55ffa8365357',
  'flying-shapes-3': 'f348246c344ba0071e61e7921e439e2dcc1c59d3d1333ade68fbc93b904dc19f',
  'flying-shapes-5': 'fbf28ea02828af23f5b0aae01b82da23c61b56dbd39f846d5d7e246b49945fc8',
  'static-shapes-nem': 'ba446865931d7fcf992a897f2929b4258316242f6499be8e1765a5a4395db3f8',
  'static-shapes': '1bd58011103bbd7f93b86f8029722ad4a34f8f0df3496a14bef6dcb806a164b1',
} as const;
