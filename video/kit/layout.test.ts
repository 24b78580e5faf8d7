import { describe, expect, it } from 'vitest';
import { frameLayout } from './layout.tsx';

describe('frameLayout', () => {
  it('finds the format by aspect ratio, at any scale', () => {
    expect(frameLayout(1920, 1080).format).toBe('16:9');
    expect(frameLayout(360, 640).format).toBe('9:16');
    expect(frameLayout(320, 320).format).toBe('1:1');
  });

  it('measures type by the shorter side', () => {
    expect(frameLayout(1920, 1080).unit).toBe(frameLayout(1080, 1920).unit);
  });

  it('keeps its room inside the margins', () => {
    const { safe, inner, width, height } = frameLayout(1080, 1920);
    expect(safe.left + inner.width + safe.right).toBeCloseTo(width);
    expect(safe.top + inner.height + safe.bottom).toBeCloseTo(height);
  });
});
