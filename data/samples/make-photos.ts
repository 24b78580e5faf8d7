import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { drawPortrait } from './draw-portrait.ts';
import type { Portrait } from './portrait.ts';

const fair = { skin: '#F4C7A6', skinShade: '#D99877', lips: '#C9585A' };
const rosy = { skin: '#F8D2B8', skinShade: '#E0A38A', lips: '#D4656B' };
const olive = { skin: '#DFA67C', skinShade: '#B97C55', lips: '#B44E4B' };
const golden = { skin: '#F0C396', skinShade: '#D09A69', lips: '#C85B58' };
const brown = { skin: '#B97A50', skinShade: '#8E5634', lips: '#9C3F40' };
const deep = { skin: '#7E4A31', skinShade: '#58301F', lips: '#8C3A3C' };

const black = { hair: '#221A22', hairLight: '#5B4A5C' };
const chestnut = { hair: '#5A2F22', hairLight: '#A4654A' };
const copper = { hair: '#B4502A', hairLight: '#E79A63' };
const sand = { hair: '#C9924E', hairLight: '#F1CE93' };
const espresso = { hair: '#33201C', hairLight: '#7A5446' };

/** The people of `customers.csv` who have a photo, by file name. */
const people: Readonly<Record<string, Portrait>> = {
  zoe: {
    ...rosy,
    ...sand,
    style: 'waves',
    smile: 'open',
    garment: 'roll-neck',
    cloth: '#2F5D62',
    clothShade: '#214649',
    ground: ['#F9D9B8', '#F2A679'],
    shape: 'sun',
    shapeColor: '#F27F5B',
  },
  sean: {
    ...fair,
    ...copper,
    style: 'quiff',
    beard: 'full',
    smile: 'closed',
    garment: 'shirt',
    cloth: '#3C6E8F',
    clothShade: '#274E69',
    ground: ['#F5E3C3', '#E8C58B'],
    shape: 'hill',
    shapeColor: '#8DAA7F',
  },
  huong: {
    ...golden,
    ...black,
    style: 'long',
    smile: 'closed',
    garment: 'crew',
    cloth: '#E8B23A',
    clothShade: '#C48E1E',
    ground: ['#C7D8C6', '#7FA99B'],
    shape: 'arch',
    shapeColor: '#4F8377',
  },
  misaki: {
    ...rosy,
    ...black,
    style: 'bob',
    smile: 'closed',
    garment: 'stripes',
    cloth: '#F6EDE0',
    clothShade: '#C8433C',
    ground: ['#FAD4D0', '#EFA3A3'],
    shape: 'bands',
    shapeColor: '#E5737A',
    glasses: '#2A1B1E',
  },
  'anne-marie': {
    ...fair,
    ...chestnut,
    style: 'bun',
    smile: 'open',
    garment: 'blazer',
    cloth: '#46365F',
    clothShade: '#35284A',
    ground: ['#E3DAF2', '#B7A3D9'],
    shape: 'sun',
    shapeColor: '#9A82C8',
    earrings: '#E8B23A',
  },
  dimitris: {
    ...olive,
    ...espresso,
    style: 'curls',
    beard: 'stubble',
    smile: 'open',
    garment: 'crew',
    cloth: '#F4EBDD',
    clothShade: '#D9C6AC',
    ground: ['#BFE0E6', '#5FA9BB'],
    shape: 'hill',
    shapeColor: '#2F7C93',
  },
  seoyeon: {
    ...rosy,
    ...espresso,
    style: 'pixie',
    smile: 'open',
    garment: 'shirt',
    cloth: '#F3A6A0',
    clothShade: '#D67F7C',
    ground: ['#FBE8BE', '#F3C55C'],
    shape: 'arch',
    shapeColor: '#EDA63B',
    earrings: '#FFF3DC',
  },
  amara: {
    ...deep,
    hair: '#D9502E',
    hairLight: '#F6B03D',
    style: 'wrap',
    smile: 'open',
    garment: 'crew',
    cloth: '#1F6F78',
    clothShade: '#154E55',
    ground: ['#F7D9A0', '#EFA94A'],
    shape: 'bands',
    shapeColor: '#D8752F',
    earrings: '#F6C453',
  },
  siobhan: {
    ...rosy,
    ...copper,
    style: 'long',
    smile: 'closed',
    garment: 'roll-neck',
    cloth: '#F1E4CF',
    clothShade: '#CFB995',
    ground: ['#CFE3D4', '#78A68B'],
    shape: 'sun',
    shapeColor: '#3F7D63',
    freckles: true,
  },
  ipek: {
    ...olive,
    ...black,
    style: 'waves',
    smile: 'closed',
    garment: 'blazer',
    cloth: '#8E2F3C',
    clothShade: '#6E212D',
    ground: ['#F6CFC0', '#E49A86'],
    shape: 'arch',
    shapeColor: '#C8604F',
    earrings: '#E8B23A',
  },
  'maria-jose': {
    ...olive,
    ...chestnut,
    style: 'curls',
    smile: 'open',
    garment: 'stripes',
    cloth: '#FFF3E0',
    clothShade: '#2D4A7C',
    ground: ['#FFE0B5', '#FDB863'],
    shape: 'hill',
    shapeColor: '#E7683F',
    earrings: '#C8433C',
  },
  kwame: {
    ...deep,
    ...black,
    style: 'afro',
    beard: 'stubble',
    smile: 'open',
    garment: 'blazer',
    cloth: '#24466B',
    clothShade: '#183350',
    ground: ['#D6E4C8', '#9BBF7A'],
    shape: 'sun',
    shapeColor: '#5E8F52',
    glasses: '#1D1416',
  },
  priya: {
    ...brown,
    ...black,
    style: 'long',
    smile: 'open',
    garment: 'crew',
    cloth: '#C2416B',
    clothShade: '#982C50',
    ground: ['#D8D3F0', '#9B8FD6'],
    shape: 'bands',
    shapeColor: '#7465BD',
    earrings: '#F6C453',
  },
};

const folder = new URL('./photos/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, portrait] of Object.entries(people)) {
  const jpeg = await sharp(Buffer.from(drawPortrait(portrait)))
    .jpeg({ quality: 88, mozjpeg: true })
    .toBuffer();
  await writeFile(fileURLToPath(new URL(`${name}.jpg`, folder)), jpeg);
}
