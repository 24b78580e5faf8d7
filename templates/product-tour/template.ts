import { defineFacts, defineTemplate } from 'bespoke/template';
import { tagWords } from './copy.ts';
import { fixtures } from './fixtures.ts';
import { look, seen, spot } from './hub.ts';
import { pricesFor, typicalPrices } from './plans.ts';
import { mostPeople, record } from './record.ts';
import {
  compare,
  feature,
  greeting,
  house,
  night,
  offer,
  question,
  result,
  sizing,
  storm,
  sun,
} from './scenes.ts';
import { translations } from './story-words.ts';
import { stormWindow } from './scenes/storm-times.ts';

const facts = defineFacts(record, {
  ownPrices: {
    from: ['monthlyBill', 'home'],
    derive: (row) => pricesFor(row.monthlyBill ?? 1, row.home),
  },
  typicalPrices: { from: ['home', 'currency'], derive: (row) => typicalPrices(row.home, row.currency) },
});

/** Scenes last whole beats of the music, which continues independently of what the viewer does. */
export const productTour = defineTemplate({
  id: 'product-tour',
  version: 1,
  title: 'Product tour',
  description: 'A house to look around in: features to click on, a dark evening, a plan and a size that fit.',
  translations,
  record,
  formats: ['16:9', '9:16'],
  fps: 30,
  facts,
  segments: {
    flat: { eq: [{ var: 'home' }, 'Flat'] },
    knownBill: { present: 'monthlyBill' },
  },
  scenes: { greeting, house, sun, feature, storm, night, compare, question, result, sizing, offer },
  story: {
    version: 2,
    start: 'welcome',
    links: ['https://wattle.example'],
    variables: {
      'saw-sun': seen,
      'saw-store': seen,
      'saw-drive': seen,
      'saw-warmth': seen,
      kept: {
        type: 'choice',
        source: 'viewer',
        personal: false,
        values: ['supper', 'warmth'],
        initial: 'warmth',
        label: 'What you kept on in the dark',
      },
      people: {
        type: 'number',
        source: 'viewer',
        min: 1,
        max: mostPeople,
        integer: true,
        initial: { var: 'household' },
        label: 'How many people live with you, you included',
        writeBack: { field: 'household', purpose: 'To recommend a battery that is large enough' },
      },
    },
    nodes: {
      welcome: {
        type: 'scene',
        scene: 'greeting',
        inputs: { firstName: { var: 'firstName' }, photo: { var: 'photoUrl' }, locale: { var: 'locale' } },
        next: 'house',
      },
      house: {
        type: 'hub',
        scene: 'house',
        inputs: {
          sun: { var: 'saw-sun' },
          store: { var: 'saw-store' },
          drive: { var: 'saw-drive' },
          warmth: { var: 'saw-warmth' },
        },
        generic: {
          scene: 'house',
          inputs: {
            sun: { value: false },
            store: { value: false },
            drive: { value: false },
            warmth: { value: false },
          },
        },
        while: 'loop',
        choices: [
          look('sun', 'Sun: look at the panels', 's', [
            { when: { eq: [{ var: 'flat' }, true] }, to: 'balcony' },
            { to: 'roof' },
          ]),
          look('store', 'Store: look at the battery', 'b'),
          look('drive', 'Drive: look at the car', 'd'),
          look('warmth', 'Warmth: look into the lounge', 'w'),
          {
            id: 'evening',
            label: tagWords.evening,
            accessibleLabel: 'One evening: go on with the story',
            to: 'storm',
            key: 'e',
            analytics: 'go-on',
          },
        ],
        hotspots: [spot('sun'), spot('store'), spot('drive'), spot('warmth'), spot('evening')],
      },
      roof: { type: 'scene', scene: 'sun', inputs: { home: { value: 'House' } }, next: 'back' },
      balcony: { type: 'scene', scene: 'sun', inputs: { home: { value: 'Flat' } }, next: 'back' },
      store: { type: 'scene', scene: 'feature', inputs: { name: { value: 'store' } }, next: 'back' },
      drive: { type: 'scene', scene: 'feature', inputs: { name: { value: 'drive' } }, next: 'back' },
      warmth: { type: 'scene', scene: 'feature', inputs: { name: { value: 'warmth' } }, next: 'back' },
      back: { type: 'return' },
      storm: {
        type: 'scene',
        scene: 'storm',
        inputs: {},
        decision: { ...stormWindow, default: { choice: 'keep-warm' } },
        choices: [
          {
            id: 'keep-supper',
            label: 'The stove',
            accessibleLabel: 'Keep the stove on and finish supper',
            to: 'supper',
            effects: [{ set: 'kept', to: 'supper' }],
            key: 's',
            analytics: 'storm-supper',
          },
          {
            id: 'keep-warm',
            label: 'The heating',
            accessibleLabel: 'Keep the heating on through the night',
            to: 'warm-night',
            effects: [{ set: 'kept', to: 'warmth' }],
            key: 'h',
            analytics: 'storm-warmth',
          },
        ],
      },
      supper: { type: 'scene', scene: 'night', inputs: { kept: { value: 'supper' } }, next: 'bill' },
      'warm-night': { type: 'scene', scene: 'night', inputs: { kept: { value: 'warmth' } }, next: 'bill' },
      bill: {
        type: 'router',
        next: [{ when: { eq: [{ var: 'knownBill' }, true] }, to: 'compare' }, { to: 'typical' }],
      },
      compare: {
        type: 'scene',
        scene: 'compare',
        inputs: {
          prices: { var: 'ownPrices' },
          own: { value: true },
          home: { var: 'home' },
          currency: { var: 'currency' },
          locale: { var: 'locale' },
        },
        next: 'household',
      },
      typical: {
        type: 'scene',
        scene: 'compare',
        inputs: {
          prices: { var: 'typicalPrices' },
          own: { value: false },
          home: { var: 'home' },
          currency: { var: 'currency' },
          locale: { var: 'locale' },
        },
        next: 'household',
      },
      household: {
        type: 'form',
        scene: 'question',
        inputs: {},
        while: 'loop',
        question: {
          label: 'How many of you live here?',
          accessibleLabel: `How many of you live here? From 1 to ${mostPeople}, you included.`,
          variable: 'people',
          optional: true,
        },
        decision: { appearsAtFrame: 18 },
        next: 'result',
      },
      result: {
        type: 'scene',
        scene: 'result',
        inputs: {
          firstName: { var: 'firstName' },
          people: { var: 'people' },
          kept: { var: 'kept' },
          locale: { var: 'locale' },
        },
        generic: { scene: 'sizing', inputs: {} },
        next: 'offer',
      },
      offer: {
        type: 'cta',
        scene: 'offer',
        inputs: { home: { var: 'home' } },
        link: {
          label: 'Book the visit',
          accessibleLabel: 'Book the visit on wattle.example',
          to: 'https://wattle.example/visit',
          query: { home: { var: 'home' } },
        },
        choices: [
          {
            id: 'again',
            label: 'Back to the house',
            accessibleLabel: 'Back to the house, to look around once more',
            to: 'house',
            key: 'r',
            analytics: 'look-again',
          },
        ],
        next: 'end',
      },
      end: { type: 'end' },
    },
  },
  soundtrack: { file: 'music.wav', gain: 0.7, fadeOutInFrames: 36 },
  poster: { nodes: ['welcome'], frame: 62 },
  teaser: { nodes: ['welcome'], frame: 18, durationInFrames: 90 },
  fixtures,
  paths: {
    curious: ['warmth', 'sun', 'drive', 'store', 'evening', 'keep-supper', 'household=6'],
    hurried: ['evening', 'keep-warm', 'household='],
  },
});
