import type { Portrait } from './portrait.ts';

const sideCap =
  'M194 300 C178 192 226 128 306 128 C392 128 424 196 406 304 C402 268 388 236 356 208 C316 236 258 240 224 234 C208 252 200 274 194 300 Z';
const curtains =
  'M304 142 C232 122 172 180 190 346 C206 318 208 262 304 188 C390 262 394 318 410 346 C428 180 372 122 304 142 Z';
const fringe =
  'M190 326 C172 196 228 124 300 124 C372 124 428 196 410 326 C406 292 402 270 394 254 C344 272 256 272 206 254 C198 270 194 292 190 326 Z';

const circles = (points: readonly (readonly [x: number, y: number, r: number])[], fill: string) =>
  points.map(([x, y, r]) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`).join('');

/** Circles along an arc around the head, for curls. */
function ring(radius: number, size: number, from: number, to: number, count: number) {
  return Array.from({ length: count }, (_, at) => {
    const angle = ((from + ((to - from) * at) / (count - 1)) * Math.PI) / 180;
    const wobble = size * (1 + 0.16 * Math.sin(at * 2.4));
    return [300 + radius * Math.cos(angle), 252 + radius * Math.sin(angle), wobble] as const;
  });
}

const strands = (paths: readonly string[], color: string, width = 5) =>
  paths
    .map(
      (d) =>
        `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round" opacity="0.55"/>`,
    )
    .join('');

/** SVG behind the head and before it. */
interface Hair {
  readonly back: string;
  readonly front: string;
}

/** Draws a portrait's hair around a face centred at 300, 262. */
export function drawHair({ style, hair, hairLight }: Portrait): Hair {
  const path = (d: string, fill = hair) => `<path d="${d}" fill="${fill}"/>`;
  const crown = ['M238 196 C258 166 288 152 318 150', 'M226 222 C240 192 262 176 284 170'];
  switch (style) {
    case 'bob':
      return {
        back: path('M176 414 C150 236 190 118 300 118 C410 118 450 236 424 414 C390 440 210 440 176 414 Z'),
        front:
          path(fringe) +
          strands(['M222 244 C226 190 256 158 290 146', 'M258 258 C258 214 276 176 304 152'], hairLight),
      };
    case 'waves':
      return {
        back: path(
          'M186 560 C120 540 150 470 152 420 C154 360 140 330 158 260 C176 160 230 116 304 116 C386 116 430 170 444 260 C456 330 444 360 448 420 C452 470 480 544 414 562 C370 520 230 520 186 560 Z',
        ),
        front:
          path(sideCap) +
          strands(
            [...crown, 'M402 340 C424 390 410 430 424 480', 'M178 340 C162 400 182 430 176 486'],
            hairLight,
          ),
      };
    case 'long':
      return {
        back: path('M178 560 C140 420 140 116 302 116 C460 116 460 420 422 560 C380 530 220 530 178 560 Z'),
        front:
          path(curtains) +
          strands(['M286 156 C232 176 206 240 200 310', 'M322 156 C370 176 394 240 400 310'], hairLight),
      };
    case 'bun':
      return {
        back: `<circle cx="306" cy="104" r="58" fill="${hair}"/>${path('M190 300 C176 190 224 132 300 132 C376 132 424 190 410 300 Z')}`,
        front:
          path(sideCap) +
          strands(
            [...crown, 'M268 96 C280 72 316 66 338 84', 'M280 120 C300 100 330 104 344 116'],
            hairLight,
          ),
      };
    case 'afro':
      return {
        back: `<circle cx="300" cy="236" r="164" fill="${hair}"/>${circles(ring(150, 38, 140, 400, 16), hair)}`,
        front:
          path(
            'M198 272 C186 186 240 146 300 146 C360 146 414 186 402 272 C388 226 352 204 300 204 C248 204 212 226 198 272 Z',
          ) +
          circles(ring(104, 20, 200, 340, 9), hair) +
          circles(ring(146, 13, 205, 280, 6), hairLight).replaceAll('/>', ' opacity="0.28"/>'),
      };
    case 'curls':
      return {
        back: circles(ring(108, 42, 150, 390, 13), hair),
        front:
          circles(ring(84, 34, 196, 344, 8), hair) +
          circles(ring(104, 13, 208, 300, 5), hairLight).replaceAll('/>', ' opacity="0.4"/>'),
      };
    case 'quiff':
      return {
        back: path('M200 300 C190 220 200 160 300 150 C400 160 410 220 400 300 Z'),
        front:
          path(
            'M198 290 C190 236 196 206 214 186 C196 128 268 92 340 104 C396 110 420 160 404 212 C408 238 406 262 402 290 C396 258 390 238 378 220 C330 226 282 216 246 196 C224 220 206 250 198 290 Z',
          ) + strands(['M238 172 C254 132 312 116 356 128', 'M262 188 C284 154 330 144 376 156'], hairLight),
      };
    case 'pixie':
      return {
        back: path('M196 330 C176 190 226 132 300 132 C374 132 424 190 404 330 Z'),
        front:
          path(
            'M194 316 C172 186 236 112 318 124 C402 128 428 210 406 318 C402 286 400 262 388 240 C372 222 360 210 352 190 C326 236 262 262 212 256 C202 274 197 294 194 316 Z',
          ) + strands(['M226 232 C240 188 282 156 326 150', 'M254 244 C280 216 312 196 336 168'], hairLight),
      };
    case 'wrap':
      return {
        back: path('M190 290 C160 150 220 70 312 76 C420 70 450 170 410 290 Z'),
        front:
          path(
            'M192 274 C170 160 226 96 304 96 C386 96 432 160 408 274 C384 226 340 204 300 204 C258 204 214 226 192 274 Z',
          ) +
          `<path d="M262 98 C230 30 330 10 344 62 C392 36 424 96 352 112 Z" fill="${hairLight}"/>` +
          strands(
            [
              'M204 232 C238 176 296 158 366 168',
              'M226 160 C272 122 330 118 386 142',
              'M300 92 C306 70 322 58 340 62',
            ],
            hairLight,
            8,
          ),
      };
  }
}
