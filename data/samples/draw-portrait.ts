import { drawHair } from './draw-hair.ts';
import type { Portrait } from './portrait.ts';

const face =
  'M206 262 C206 190 250 160 300 160 C350 160 394 190 394 262 C394 300 388 328 372 354 C352 386 328 404 300 404 C272 404 248 386 228 354 C212 328 206 300 206 262 Z';
const neck =
  'M256 350 L256 428 C254 462 232 470 214 478 L300 560 L386 478 C368 470 346 462 344 428 L344 350 Z';
const body = 'M40 620 C46 520 120 486 214 468 C236 520 364 520 386 468 C480 486 554 520 560 620 Z';

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
    [236, 318],
    [248, 326],
    [260, 316],
    [228, 330],
    [338, 316],
    [350, 326],
    [362, 318],
    [346, 336],
    [286, 306],
    [312, 308],
  ];
  return [
    `<ellipse cx="240" cy="326" rx="34" ry="24" fill="${lips}" opacity="0.26" filter="url(#soft)"/><ellipse cx="356" cy="326" rx="30" ry="24" fill="${lips}" opacity="0.22" filter="url(#soft)"/>`,
    freckles
      ? spots
          .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.6" fill="${skinShade}" opacity="0.8"/>`)
          .join('')
      : '',
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
