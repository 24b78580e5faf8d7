/** A person of the samples, as a few choices; colours are CSS hex. */
export interface Portrait {
  readonly skin: string;
  readonly skinShade: string;
  readonly lips: string;
  readonly hair: string;
  readonly hairLight: string;
  readonly style: 'bob' | 'waves' | 'bun' | 'afro' | 'quiff' | 'curls' | 'long' | 'wrap' | 'pixie';
  readonly beard?: 'full' | 'stubble';
  readonly smile: 'open' | 'closed';
  readonly garment: 'crew' | 'roll-neck' | 'shirt' | 'blazer' | 'stripes';
  readonly cloth: string;
  readonly clothShade: string;
  readonly ground: readonly [near: string, far: string];
  readonly shape: 'sun' | 'arch' | 'bands' | 'hill';
  readonly shapeColor: string;
  readonly glasses?: string;
  readonly earrings?: string;
  readonly freckles?: true;
}

const face =
  'M206 262 C206 190 250 160 300 160 C350 160 394 190 394 262 C394 300 388 328 372 354 C352 386 328 404 300 404 C272 404 248 386 228 354 C212 328 206 300 206 262 Z';
const neck = 'M256 350 L256 428 C254 462 232 470 214 478 L300 560 L386 478 C368 470 346 462 344 428 L344 350 Z';
const body = 'M40 620 C46 520 120 486 214 468 C236 520 364 520 386 468 C480 486 554 520 560 620 Z';

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

interface Hair {
  readonly back: string;
  readonly front: string;
}

function drawHair({ style, hair, hairLight }: Portrait): Hair {
  const path = (d: string, fill = hair) => `<path d="${d}" fill="${fill}"/>`;
  const crown = ['M238 196 C258 166 288 152 318 150', 'M226 222 C240 192 262 176 284 170'];
  switch (style) {
    case 'bob':
      return {
        back: path('M176 414 C150 236 190 118 300 118 C410 118 450 236 424 414 C390 440 210 440 176 414 Z'),
        front: path(fringe) + strands(['M222 244 C226 190 256 158 290 146', 'M258 258 C258 214 276 176 304 152'], hairLight),
      };
    case 'waves':
      return {
        back: path(
          'M186 560 C120 540 150 470 152 420 C154 360 140 330 158 260 C176 160 230 116 304 116 C386 116 430 170 444 260 C456 330 444 360 448 420 C452 470 480 544 414 562 C370 520 230 520 186 560 Z',
        ),
        front:
          path(sideCap) +
          strands([...crown, 'M402 340 C424 390 410 430 424 480', 'M178 340 C162 400 182 430 176 486'], hairLight),
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
          strands([...crown, 'M268 96 C280 72 316 66 338 84', 'M280 120 C300 100 330 104 344 116'], hairLight),
      };
    case 'afro':
      return {
        back: `<circle cx="300" cy="236" r="164" fill="${hair}"/>${circles(ring(150, 38, 140, 400, 16), hair)}`,
        front:
          path('M198 272 C186 186 240 146 300 146 C360 146 414 186 402 272 C388 226 352 204 300 204 C248 204 212 226 198 272 Z') +
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
          path('M192 274 C170 160 226 96 304 96 C386 96 432 160 408 274 C384 226 340 204 300 204 C258 204 214 226 192 274 Z') +
          `<path d="M262 98 C230 30 330 10 344 62 C392 36 424 96 352 112 Z" fill="${hairLight}"/>` +
          strands(['M204 232 C238 176 296 158 366 168', 'M226 160 C272 122 330 118 386 142', 'M300 92 C306 70 322 58 340 62'], hairLight, 8),
      };
  }
}

function drawGarment({ garment, cloth, clothShade, skinShade }: Portrait): string {
  const base = `<path d="${body}" fill="${cloth}"/>`;
  const light = `<path d="${body}" fill="url(#cloth)"/>`;
  const seam = (d: string, width = 6) =>
    `<path d="${d}" fill="none" stroke="${clothShade}" stroke-width="${width}" stroke-linecap="round"/>`;
  switch (garment) {
    case 'crew':
      return base + light + seam('M206 476 C232 540 368 540 394 476', 13);
    case 'roll-neck':
      return `${base}${light}<path d="M244 424 C262 446 338 446 356 424 L368 506 C340 530 260 530 232 506 Z" fill="${cloth}"/>${seam('M242 462 C270 482 330 482 358 462', 5)}${seam('M236 500 C264 522 336 522 364 500', 5)}`;
    case 'shirt':
      return `${base}${light}<path d="M240 452 L300 530 L254 566 L208 478 Z" fill="${clothShade}"/><path d="M360 452 L300 530 L346 566 L392 478 Z" fill="${cloth}" stroke="${clothShade}" stroke-width="4"/>${seam('M300 532 L300 600', 4)}<circle cx="300" cy="572" r="5" fill="${clothShade}"/>`;
    case 'blazer':
      return `<path d="M206 470 L300 600 L394 470 Z" fill="#F7EFE2"/><path d="M226 462 C262 540 338 540 374 462 L340 600 L260 600 Z" fill="#F7EFE2"/><path d="M40 620 C46 520 120 486 222 464 L288 620 Z" fill="${cloth}"/><path d="M560 620 C554 520 480 486 378 464 L312 620 Z" fill="${cloth}"/><path d="M222 464 L180 520 L212 536 L196 556 L286 618 Z" fill="${clothShade}"/><path d="M378 464 L420 520 L388 536 L404 556 L314 618 Z" fill="${clothShade}"/>`;
    case 'stripes':
      return `${base}<g clip-path="url(#body)">${[510, 544, 578].map((y) => `<path d="M20 ${y + 22} Q300 ${y - 26} 580 ${y + 22}" fill="none" stroke="${clothShade}" stroke-width="12"/>`).join('')}</g>${light}<path d="M208 474 C234 536 366 536 392 474" fill="none" stroke="${skinShade}" stroke-width="4" opacity="0.5"/>`;
  }
}

function drawGround({ shape, shapeColor }: Portrait): string {
  switch (shape) {
    case 'sun':
      return `<circle cx="398" cy="226" r="196" fill="${shapeColor}"/>`;
    case 'arch':
      return `<path d="M92 620 V300 C92 60 508 60 508 300 V620 Z" fill="${shapeColor}"/>`;
    case 'bands':
      return [0, 1, 2]
        .map(
          (at) =>
            `<circle cx="86" cy="90" r="${420 - at * 110}" fill="none" stroke="${shapeColor}" stroke-width="46" opacity="${0.95 - at * 0.22}"/>`,
        )
        .join('');
    case 'hill':
      return `<path d="M-10 420 C120 300 240 330 340 390 C440 446 520 380 620 300 V620 H-10 Z" fill="${shapeColor}"/><circle cx="470" cy="140" r="64" fill="${shapeColor}"/>`;
  }
}

function drawFeatures(portrait: Portrait): string {
  const { skinShade, lips, hair, smile, glasses, freckles, style } = portrait;
  const dark = '#2A1B1E';
  const brow = style === 'wrap' ? '#2A1A18' : hair;
  const eye = (x: number) =>
    `<path d="M${x - 20} 285 C${x - 12} 270 ${x + 12} 270 ${x + 20} 285 C${x + 10} 295 ${x - 10} 295 ${x - 20} 285 Z" fill="#FFF9F1"/><circle cx="${x - 2}" cy="282.5" r="9.6" fill="${dark}"/><circle cx="${x + 1.5}" cy="278.5" r="2.8" fill="#fff"/><path d="M${x - 22} 286 C${x - 13} 267 ${x + 13} 267 ${x + 22} 283" fill="none" stroke="${dark}" stroke-width="5" stroke-linecap="round"/>`;
  const brows = `<path d="M232 252 C244 238 264 236 280 245" /><path d="M318 245 C334 236 354 238 366 251"/>`;
  const mouth =
    smile === 'open'
      ? `<path d="M256 346 C278 354 318 354 342 345 C336 378 318 388 299 388 C280 388 262 378 256 346 Z" fill="#7A2630"/><path d="M262 349 C282 355 316 355 336 348 C334 358 328 362 299 362 C272 362 266 358 262 349 Z" fill="#FFF9F1"/><path d="M276 381 C288 372 312 372 322 380 C308 390 290 390 276 381 Z" fill="${lips}"/>`
      : `<path d="M258 352 C274 348 288 346 298 351 C308 346 324 347 340 350 C326 374 276 376 258 352 Z" fill="${lips}"/><path d="M254 351 C276 360 322 360 345 348" fill="none" stroke="#7A2630" stroke-width="4" stroke-linecap="round" opacity="0.75"/>`;
  const spots = [
    [236, 318], [248, 326], [260, 316], [228, 330], [338, 316], [350, 326], [362, 318], [346, 336], [286, 306], [312, 308],
  ];
  return [
    `<ellipse cx="240" cy="326" rx="34" ry="24" fill="${lips}" opacity="0.26" filter="url(#soft)"/><ellipse cx="356" cy="326" rx="30" ry="24" fill="${lips}" opacity="0.22" filter="url(#soft)"/>`,
    freckles ? spots.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.6" fill="${skinShade}" opacity="0.8"/>`).join('') : '',
    eye(256),
    eye(342),
    `<g fill="none" stroke="${brow}" stroke-width="8.5" stroke-linecap="round">${brows}</g>`,
    `<path d="M302 276 C300 300 286 318 284 328 C286 338 304 340 314 333" fill="none" stroke="${skinShade}" stroke-width="5.5" stroke-linecap="round"/>`,
    mouth,
    glasses
      ? `<g fill="#fff" fill-opacity="0.16" stroke="${glasses}" stroke-width="6"><rect x="218" y="258" width="72" height="56" rx="26"/><rect x="308" y="258" width="72" height="56" rx="26"/><path d="M290 280 C296 274 302 274 308 280" fill="none"/></g>`
      : '',
  ].join('');
}

function drawBeard({ beard, hair }: Portrait): string {
  if (beard === undefined) return '';
  const shape =
    'M206 276 C208 350 236 426 300 428 C364 426 392 350 394 276 C386 306 378 322 356 332 C338 318 320 330 300 330 C280 330 262 318 244 332 C222 322 214 306 206 276 Z';
  return beard === 'full'
    ? `<path d="${shape}" fill="${hair}"/>`
    : `<g clip-path="url(#face)"><path d="${shape}" fill="${hair}" opacity="0.3"/></g>`;
}

/** Draws a person as SVG of 600 by 600 pixels, lit from the upper left. */
export function drawPortrait(portrait: Portrait): string {
  const { skin, skinShade, ground, earrings, style, cloth } = portrait;
  const hair = drawHair(portrait);
  const earsHidden = style === 'bob' || style === 'waves' || style === 'long';
  const ears = earsHidden
    ? ''
    : `<ellipse cx="204" cy="296" rx="17" ry="27" fill="${skin}"/><ellipse cx="396" cy="296" rx="17" ry="27" fill="${skinShade}"/>`;
  const rings = earrings
    ? `<circle cx="202" cy="342" r="15" fill="none" stroke="${earrings}" stroke-width="6"/><circle cx="398" cy="342" r="15" fill="none" stroke="${earrings}" stroke-width="6"/>`
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600" viewBox="0 0 600 600">
<defs>
<linearGradient id="ground" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${ground[0]}"/><stop offset="1" stop-color="${ground[1]}"/></linearGradient>
<linearGradient id="cloth" x1="0" y1="0" x2="1" y2="0.4"><stop offset="0" stop-color="#fff" stop-opacity="0.22"/><stop offset="0.5" stop-color="${cloth}" stop-opacity="0"/><stop offset="1" stop-color="#1B0F20" stop-opacity="0.28"/></linearGradient>
<radialGradient id="glow" cx="0.24" cy="0.16" r="0.9"><stop offset="0" stop-color="#FFF3DC" stop-opacity="0.36"/><stop offset="0.6" stop-color="#FFF3DC" stop-opacity="0"/></radialGradient>
<clipPath id="face"><path d="${face}"/></clipPath><clipPath id="neck"><path d="${neck}"/></clipPath><clipPath id="body"><path d="${body}"/></clipPath>
<filter id="soft" x="-0.5" y="-0.5" width="2" height="2"><feGaussianBlur stdDeviation="9"/></filter>
<filter id="wide" x="-0.5" y="-0.5" width="2" height="2"><feGaussianBlur stdDeviation="22"/></filter>
</defs>
<rect width="600" height="600" fill="url(#ground)"/>
${drawGround(portrait)}
<ellipse cx="330" cy="600" rx="270" ry="70" fill="#1B0F20" opacity="0.28" filter="url(#wide)"/>
<g transform="translate(-24 -36) scale(1.08) rotate(-2 300 400)">
${hair.back}
<path d="${neck}" fill="${skin}"/>
<g clip-path="url(#neck)"><ellipse cx="312" cy="398" rx="92" ry="56" fill="${skinShade}"/></g>
${drawGarment(portrait)}
${ears}
<path d="${face}" fill="${skin}"/>
<g clip-path="url(#face)"><path d="M352 140 C384 230 376 330 296 410 L430 430 L440 140 Z" fill="${skinShade}" opacity="0.62"/><ellipse cx="248" cy="216" rx="66" ry="48" fill="#FFF3DC" opacity="0.2" filter="url(#soft)"/></g>
${drawBeard(portrait)}
${drawFeatures(portrait)}
${hair.front}
${rings}
</g>
<rect width="600" height="600" fill="url(#glow)"/>
</svg>`;
}
