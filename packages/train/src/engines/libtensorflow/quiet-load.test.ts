import { expect, it } from 'vitest';
import { unexpectedLines } from './quiet-load.js';

const always = `WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795609223.424307   14851 port.cc:153] oneDNN custom operations are on. You may see slightly different results.
I0000 00:00:1795609223.503000   14851 cpu_feature_guard.cc:227] This TensorFlow binary is optimized to use available CPU
To enable the following instructions: AVX2 AVX512F, in other operations, rebuild TensorFlow
`;

it('the lines that libtensorflow always writes are left out', () => {
  expect(unexpectedLines(always)).toBe('');
});

it('warnings, errors and lines of other libraries are kept, in their order', () => {
  const others = ['E0000 00:00:1795609223.424307   14851 gpu.cc:1] no device', 'libfoo: out of memory', 'I am a line'];
  expect(unexpectedLines(`${others[0]}\n${always}${others[1]}\n${others[2]}`)).toBe(`${others.join('\n')}\n`);
});
