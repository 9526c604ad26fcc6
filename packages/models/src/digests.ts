/** SHA-256 of the weights of each network; written by `tools/add-model.mjs`. */
export const DIGESTS = {
  'flying-shapes-3-k5': '9a3b5b2a251fb7e924835a3460dfdbf5ed0a9f1f179f31609a6e90a795fbcdcc',
  'flying-shapes-3': '2d21d02af223e25a401605ddee517588f92cd4eb54f302f89a189a908db3d1e7',
  'flying-shapes-5': 'd2174b2fea2711856d23b6fb08d44bd15daab2dfa21ac25aa0c6ef079148d98b',
  'static-shapes-nem': 'ba446865931d7fcf992a897f2929b4258316242f6499be8e1765a5a4395db3f8',
  'static-shapes': '1bd58011103bbd7f93b86f8029722ad4a34f8f0df3496a14bef6dcb806a164b1',
} as const;
