import { documentMarkdown, samplesToPng } from '@nem/report';
import { lineChartSvg } from '@nem/report/charts';
import { encodeEvent } from '@nem/report/tensorboard';

export async function use() {
  const one = { frames: 1, count: 1, height: 2, width: 2, features: new Float32Array(4), groups: new Uint8Array(4) };
  const series = [{ name: 'loss', points: [3, 2, 1].map((y, x) => ({ x, y })) }];
  return [
    [...samplesToPng(one).subarray(1, 4)],
    lineChartSvg({ title: 'Loss', xName: 'epoch', yName: 'loss', series }).startsWith('<svg'),
    encodeEvent(1, { step: 1, values: { loss: 0.5 } }).length,
    documentMarkdown({ title: 'A report', sections: [] }).trim(),
  ];
}
