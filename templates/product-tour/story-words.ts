import { mostPeople } from './record.ts';

const question = `How many of you live here? From 1 to ${mostPeople}, you included.` as const;

/** The story's own words: title, labels and the question, with what screen readers say. */
type StoryWord =
  | 'Product tour'
  | 'A house to look around in: features to click on, a dark evening, a plan and a size that fit.'
  | 'What you kept on in the dark'
  | 'How many people live with you, you included'
  | 'To recommend a battery that is large enough'
  | 'Sun'
  | 'Sun: look at the panels'
  | 'Store'
  | 'Store: look at the battery'
  | 'Drive'
  | 'Drive: look at the car'
  | 'Warmth'
  | 'Warmth: look into the lounge'
  | 'One evening'
  | 'One evening: go on with the story'
  | 'The stove'
  | 'Keep the stove on and finish supper'
  | 'The heating'
  | 'Keep the heating on through the night'
  | 'How many of you live here?'
  | typeof question
  | 'Back to the house'
  | 'Back to the house, to look around once more'
  | 'Book the visit'
  | 'Book the visit on wattle.example';

type Translation = Readonly<Record<StoryWord, string>>;

/** The words in other languages: a missing one does not compile. */
export const translations: Readonly<Record<'de' | 'fr' | 'es' | 'ar', Translation>> = {
  de: {
    'Product tour': 'Rundgang',
    'A house to look around in: features to click on, a dark evening, a plan and a size that fit.':
      'Ein Haus zum Umsehen: Technik zum Anklicken, ein dunkler Abend, ein Tarif und eine Größe, die passen.',
    'What you kept on in the dark': 'Was Sie im Dunkeln angelassen haben',
    'How many people live with you, you included':
      'Wie viele Personen in Ihrem Haushalt leben, Sie eingeschlossen',
    'To recommend a battery that is large enough': 'Um einen Speicher zu empfehlen, der groß genug ist',
    Sun: 'Sonne',
    'Sun: look at the panels': 'Sonne: die Module ansehen',
    Store: 'Speicher',
    'Store: look at the battery': 'Speicher: die Batterie ansehen',
    Drive: 'Fahren',
    'Drive: look at the car': 'Fahren: das Auto ansehen',
    Warmth: 'Wärme',
    'Warmth: look into the lounge': 'Wärme: ins Wohnzimmer schauen',
    'One evening': 'Eines Abends',
    'One evening: go on with the story': 'Eines Abends: die Geschichte fortsetzen',
    'The stove': 'Den Herd',
    'Keep the stove on and finish supper': 'Den Herd anlassen und das Abendessen fertig kochen',
    'The heating': 'Die Heizung',
    'Keep the heating on through the night': 'Die Heizung die Nacht über anlassen',
    'How many of you live here?': 'Wie viele wohnen hier?',
    [question]: `Wie viele wohnen hier? Von 1 bis ${mostPeople}, Sie eingeschlossen.`,
    'Back to the house': 'Zurück zum Haus',
    'Back to the house, to look around once more': 'Zurück zum Haus, um sich noch einmal umzusehen',
    'Book the visit': 'Termin buchen',
    'Book the visit on wattle.example': 'Termin buchen auf wattle.example',
  },
  fr: {
    'Product tour': 'La visite',
    'A house to look around in: features to click on, a dark evening, a plan and a size that fit.':
      'Une maison à explorer\u00a0: des équipements à découvrir, un soir sans lumière, une formule et une taille qui conviennent.',
    'What you kept on in the dark': 'Ce que vous avez laissé allumé dans le noir',
    'How many people live with you, you included': 'Combien de personnes vivent chez vous, vous compris',
    'To recommend a battery that is large enough': 'Pour recommander une batterie assez grande',
    Sun: 'Soleil',
    'Sun: look at the panels': 'Soleil\u00a0: voir les panneaux',
    Store: 'Réserve',
    'Store: look at the battery': 'Réserve\u00a0: voir la batterie',
    Drive: 'Route',
    'Drive: look at the car': 'Route\u00a0: voir la voiture',
    Warmth: 'Chaleur',
    'Warmth: look into the lounge': 'Chaleur\u00a0: entrer dans le salon',
    'One evening': 'Un soir',
    'One evening: go on with the story': 'Un soir\u00a0: poursuivre l’histoire',
    'The stove': 'La cuisinière',
    'Keep the stove on and finish supper': 'La cuisinière\u00a0: la laisser allumée et finir le dîner',
    'The heating': 'Le chauffage',
    'Keep the heating on through the night': 'Le chauffage\u00a0: le laisser toute la nuit',
    'How many of you live here?': 'Combien êtes-vous ici\u202f?',
    [question]: `Combien êtes-vous ici\u202f? De 1 à ${mostPeople}, vous compris.`,
    'Back to the house': 'Retour à la maison',
    'Back to the house, to look around once more': 'Retour à la maison, pour explorer encore',
    'Book the visit': 'Réserver la visite',
    'Book the visit on wattle.example': 'Réserver la visite sur wattle.example',
  },
  es: {
    'Product tour': 'La visita',
    'A house to look around in: features to click on, a dark evening, a plan and a size that fit.':
      'Una casa para recorrer: equipos que tocar, una noche a oscuras, una tarifa y un tamaño adecuados.',
    'What you kept on in the dark': 'Lo que dejó encendido a oscuras',
    'How many people live with you, you included': 'Cuántas personas viven en su casa, usted incluido',
    'To recommend a battery that is large enough': 'Para recomendar una batería lo bastante grande',
    Sun: 'Sol',
    'Sun: look at the panels': 'Sol: ver los paneles',
    Store: 'Reserva',
    'Store: look at the battery': 'Reserva: ver la batería',
    Drive: 'Coche',
    'Drive: look at the car': 'Coche: ver el coche',
    Warmth: 'Calor',
    'Warmth: look into the lounge': 'Calor: entrar en el salón',
    'One evening': 'Una noche',
    'One evening: go on with the story': 'Una noche: seguir con la historia',
    'The stove': 'La cocina',
    'Keep the stove on and finish supper': 'La cocina: dejarla encendida y terminar la cena',
    'The heating': 'La calefacción',
    'Keep the heating on through the night': 'La calefacción: dejarla toda la noche',
    'How many of you live here?': '¿Cuántos viven aquí?',
    [question]: `¿Cuántos viven aquí? De 1 a ${mostPeople}, usted incluido.`,
    'Back to the house': 'Volver a la casa',
    'Back to the house, to look around once more': 'Volver a la casa, para recorrerla otra vez',
    'Book the visit': 'Reservar la visita',
    'Book the visit on wattle.example': 'Reservar la visita en wattle.example',
  },
  ar: {
    'Product tour': 'جولة في المنزل',
    'A house to look around in: features to click on, a dark evening, a plan and a size that fit.':
      'منزل تتجوّل فيه: تجهيزات تكتشفها، وليلة مظلمة، وباقة وحجم مناسبان.',
    'What you kept on in the dark': 'ما أبقيته يعمل في الظلام',
    'How many people live with you, you included': 'عدد المقيمين في منزلك وأنت منهم',
    'To recommend a battery that is large enough': 'لاقتراح بطارية كبيرة بما يكفي',
    Sun: 'الشمس',
    'Sun: look at the panels': 'الشمس: ألقِ نظرة على الألواح',
    Store: 'التخزين',
    'Store: look at the battery': 'التخزين: ألقِ نظرة على البطارية',
    Drive: 'القيادة',
    'Drive: look at the car': 'القيادة: ألقِ نظرة على السيارة',
    Warmth: 'الدفء',
    'Warmth: look into the lounge': 'الدفء: ألقِ نظرة على غرفة المعيشة',
    'One evening': 'ذات مساء',
    'One evening: go on with the story': 'ذات مساء: تابع القصة',
    'The stove': 'الموقد',
    'Keep the stove on and finish supper': 'الموقد: أبقه يعمل وأكمل العشاء',
    'The heating': 'التدفئة',
    'Keep the heating on through the night': 'التدفئة: أبقها تعمل طوال الليل',
    'How many of you live here?': 'كم شخصًا يعيش هنا؟',
    [question]: `كم شخصًا يعيش هنا؟ من 1 إلى ${mostPeople}، وأنت منهم.`,
    'Back to the house': 'العودة إلى المنزل',
    'Back to the house, to look around once more': 'العودة إلى المنزل لجولة أخرى',
    'Book the visit': 'احجز الزيارة',
    'Book the visit on wattle.example': 'احجز الزيارة على wattle.example',
  },
};
