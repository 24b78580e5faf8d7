/** What a field can stand for whatever its template calls it, so that its column is found under many names. */
const headers = {
  'first name': [
    ...['first name', 'given name', 'forename', 'fname', 'first', 'preferred name', 'vorname', 'rufname'],
    ...['prénom', 'prenom', 'nombre', 'nombre de pila', 'primer nombre', 'nome', 'nome di battesimo'],
    ...['voornaam', 'roepnaam', 'primeiro nome', 'nome próprio', 'nome proprio'],
  ],
  'last name': [
    ...['last name', 'surname', 'family name', 'lname', 'last', 'nachname', 'familienname', 'zuname'],
    ...['nom de famille', 'apellido', 'apellidos', 'primer apellido', 'cognome', 'achternaam', 'familienaam'],
    ...['apelido', 'sobrenome', 'último nome', 'ultimo nome'],
  ],
  'full name': [
    ...['full name', 'contact name', 'display name', 'customer name', 'vollständiger name', 'kundenname'],
    ...['nom complet', 'nombre completo', 'nome completo', 'nome e cognome', 'volledige naam'],
  ],
  email: [
    ...['email', 'e mail', 'email address', 'mail', 'mail address', 'contact email', 'primary email'],
    ...['work email', 'emailadresse', 'mailadresse', 'e mail adresse', 'courriel', 'adresse email'],
    ...['adresse e mail', 'adresse mail', 'correo', 'correo electrónico', 'correo electronico'],
    ...['dirección de correo', 'indirizzo email', 'indirizzo e mail', 'posta elettronica', 'emailadres'],
    ...['e mailadres', 'endereço de email', 'endereço de e mail', 'correio eletrónico', 'correio eletrônico'],
  ],
  phone: [
    ...['phone', 'phone number', 'telephone', 'telephone number', 'tel', 'mobile', 'mobile phone'],
    ...['mobile number', 'mobile phone number', 'cell', 'cell phone', 'telefon', 'telefonnummer', 'handy'],
    ...['handynummer', 'mobil', 'mobilnummer', 'rufnummer', 'téléphone', 'numéro de téléphone', 'portable'],
    ...['teléfono', 'número de teléfono', 'móvil', 'celular', 'telefono', 'numero di telefono', 'cellulare'],
    ...[
      'telefoon',
      'telefoonnummer',
      'mobiel',
      'mobiel nummer',
      'telefone',
      'número de telefone',
      'telemóvel',
    ],
  ],
  city: [
    ...['city', 'town', 'place', 'ort', 'stadt', 'wohnort', 'ville', 'ciudad', 'localidad', 'città', 'citta'],
    ...['comune', 'plaats', 'woonplaats', 'stad', 'cidade', 'localidade', 'mailing city'],
    'default address city',
  ],
  'member since': [
    ...[
      'member since',
      'customer since',
      'client since',
      'joined',
      'joined on',
      'signup date',
      'sign up date',
    ],
    ...['create date', 'created date', 'created at', 'date created', 'date added', 'profile created on'],
    ...['optin time', 'confirm time', 'mitglied seit', 'kunde seit', 'kundin seit', 'membre depuis'],
    ...[
      'client depuis',
      "date d'inscription",
      'inscrit le',
      'miembro desde',
      'cliente desde',
      'fecha de alta',
    ],
    ...['fecha de registro', 'membro dal', 'cliente dal', 'iscritto dal', 'data di iscrizione', 'lid sinds'],
    ...['klant sinds', 'inschrijfdatum', 'membro desde', 'data de registo', 'data de cadastro'],
  ],
  'renewal date': [
    ...[
      'renewal date',
      'renewal',
      'renews on',
      'renew date',
      'next renewal',
      'expires',
      'expires on',
      'expiry',
    ],
    ...['expiry date', 'expiration date', 'end date', 'contract end', 'contract end date'],
    ...['subscription end date', 'vertragsende', 'verlängerung', 'verlängerungsdatum', 'ablaufdatum'],
    ...['läuft ab am', 'date de renouvellement', 'échéance', "date d'échéance", 'fecha de renovación'],
    ...['vencimiento', 'fecha de vencimiento', 'data di rinnovo', 'scadenza', 'data di scadenza'],
    ...['verlengingsdatum', 'vervaldatum', 'einddatum', 'data de renovação', 'vencimento'],
    'data de vencimento',
  ],
  plan: [
    ...['plan', 'tier', 'subscription', 'subscription plan', 'package', 'membership level', 'tarif', 'abo'],
    ...['paket', 'abonnement', 'formule', 'forfait', 'suscripción', 'tarifa', 'abbonamento', 'piano'],
    ...['tariffa', 'pakket', 'plano', 'assinatura'],
  ],
  segment: [
    ...[
      'segment',
      'customer segment',
      'group',
      'cohort',
      'audience',
      'kundensegment',
      'gruppe',
      'kundengruppe',
    ],
    ...['segment client', 'groupe', 'segmento', 'segmento de cliente', 'grupo', 'segmento cliente', 'gruppo'],
    ...['klantsegment', 'groep'],
  ],
  category: [
    ...['favourite category', 'favorite category', 'top category', 'category', 'lieblingskategorie'],
    ...['kategorie', 'catégorie préférée', 'catégorie', 'categoría favorita', 'categoría'],
    ...['categoria preferita', 'categoria', 'favoriete categorie', 'categorie', 'categoria favorita'],
  ],
  photo: [
    ...['photo', 'photo url', 'picture', 'picture url', 'profile picture', 'avatar', 'avatar url', 'image'],
    ...['image url', 'headshot', 'foto', 'bild', 'bild url', 'profilbild', 'photo de profil', 'imagen'],
    ...['foto de perfil', 'immagine', 'immagine profilo', 'afbeelding', 'profielfoto', 'imagem'],
  ],
  language: [
    ...['locale', 'language', 'lang', 'culture', 'language code', 'preferred language', 'preferred locale'],
    ...['sprache', 'langue', 'idioma', 'lingua', 'taal', 'língua'],
  ],
  link: [
    ...[
      'link',
      'url',
      'personal link',
      'personal url',
      'offer link',
      'offer url',
      'renewal link',
      'renewal url',
    ],
    ...['landing page', 'cta link', 'cta url', 'checkout url', 'persönlicher link', 'angebotslink', 'lien'],
    ...['lien personnel', 'enlace', 'enlace personal', 'collegamento', 'link personale', 'persoonlijke link'],
    'link pessoal',
  ],
  currency: ['currency', 'currency code', 'währung', 'devise', 'moneda', 'valuta', 'moeda'],
  appointment: [
    ...['appointment', 'appointment date', 'appointment time', 'scheduled at', 'scheduled for', 'termin'],
    ...['terminzeit', 'rendez-vous', 'date du rendez-vous', 'cita', 'fecha de la cita', 'appuntamento'],
    ...['data appuntamento', 'afspraak', 'datum afspraak', 'agendamento', 'data da marcação'],
  ],
  amount: [
    ...['amount', 'price', 'total', 'total amount', 'amount due', 'balance', 'betrag', 'preis', 'summe'],
    ...[
      'gesamtbetrag',
      'rechnungsbetrag',
      'montant',
      'prix',
      'importe',
      'precio',
      'monto',
      'importo',
      'prezzo',
    ],
    ...['bedrag', 'prijs', 'totaal', 'montante', 'preço', 'valor'],
  ],
  household: [
    ...['household', 'household size', 'people', 'persons', 'residents', 'haushalt', 'haushaltsgröße'],
    ...['personen', 'foyer', 'hogar', 'nucleo familiare', 'huishouden', 'agregado familiar'],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Headers that say less: they count where no other column fits. */
const vagueHeaders: Partial<Readonly<Record<string, readonly string[]>>> = {
  'first name': ['name', 'naam'],
  'last name': ['name', 'nom', 'naam'],
  'full name': ['name', 'nom', 'naam'],
};

type Month = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

/** What a field stands for. */
export type Meaning = keyof typeof headers | `month ${Month}`;

const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'];

/** The names of a month in the languages of the other headers, long and short. */
const monthHeaders = (month: number): readonly string[] =>
  languages.flatMap((language) =>
    (['long', 'short'] as const).map((width) =>
      new Intl.DateTimeFormat(language, { month: width, timeZone: 'UTC' }).format(
        new Date(Date.UTC(2001, month - 1, 1)),
      ),
    ),
  );

/** Headers of columns that hold what a field stands for, in exports of seven languages. */
export const headersOf = (meaning: Meaning): readonly string[] =>
  meaning.startsWith('month ')
    ? monthHeaders(Number(meaning.slice(6)))
    : headers[meaning as keyof typeof headers];

/**
 * Headers that hold it where no other column fits. `Name` is a last name beside a column of first names, and `nom`
 * is one anyway.
 */
export const vagueHeadersOf = (meaning: Meaning): readonly string[] => vagueHeaders[meaning] ?? [];
