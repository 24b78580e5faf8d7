/* Runs in the page, before the bundle: what the renderer asks of Remotion's page, in single calls. */
window.remotion_puppeteerTimeout = __DELAY_RENDER_TIMEOUT__;
window.remotion_isMainTab = true;
window.remotion_mediaCacheSizeInBytes = null;
window.remotion_initialMemoryAvailable = 1_000_000_000;
window.remotion_sampleRate = 48_000;
window.remotion_envVariables = '{}';
window.remotion_inputProps = '{}';
window.remotion_initialFrame = 0;
window.remotion_attempt = 1;
window.remotion_proxyPort = Number(location.port);
window.remotion_audioEnabled = true;
window.remotion_videoEnabled = true;
window.remotion_logLevel = 'error';
window.remotion_broadcastChannel = new BroadcastChannel('remotion-video-frame-extraction');
window.process ??= {};
window.process.env ??= {};
window.process.env.NODE_ENV = 'production';

window.bespokeDriver = (() => {
  /* Tasks queued before this one, React's renders among them, have run when it resolves. */
  const nextTask = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    });

  const unseekable =
    'The browser chooses which frame of a <video> it shows, as <Html5Video> uses it. Use <Video> of @remotion/media, or <OffthreadVideo>.';

  let template = '';

  /* What is to be shown as soon as the template's modules have all that they load, fonts above all. */
  let next = null;
  let loadedTemplate = '';

  const state = async () => {
    await nextTask();
    /* Its compositions never come. */
    const broken = window.bespokeBroken?.[template];
    if (broken !== undefined) return { failed: broken };
    if (window.remotion_cancelledError !== undefined)
      return { failed: String(window.remotion_cancelledError) };
    if (document.querySelector('video') !== null) return { failed: unseekable };
    if (window.remotion_renderReady !== true) return { ready: false };
    if (next !== null) {
      window.remotion_setBundleMode(next);
      next = null;
      return { ready: false };
    }
    await document.fonts.ready;
    return { ready: window.remotion_renderReady === true };
  };

  let portal = null;

  const ownTag = (element) => element.cloneNode(false).outerHTML;
  const rules = (sheet) => {
    try {
      return sheet.cssRules.length;
    } catch {
      return -1;
    }
  };

  /* What scenes share although no component of theirs is mounted. A clip must leave all of it as it was. */
  const surroundings = () =>
    JSON.stringify([
      [document.documentElement, document.body, ...document.body.children].map(ownTag),
      /* The bundle's own loader adds a script for each chunk, and removes it later. */
      [...document.head.querySelectorAll(':scope > :not(script)')].map((element) => element.outerHTML),
      [...document.styleSheets, ...document.adoptedStyleSheets].map(rules),
      document.fonts.size,
      Object.keys(window).filter((name) => !name.startsWith('remotion')),
      [localStorage.length, sessionStorage.length, document.cookie, window.name],
    ]);

  let before = null;
  /* Style sheets that a template's modules import appear when these are loaded, before any scene is mounted. */
  window.addEventListener('bespoke-components-loaded', () => {
    before = surroundings();
  });

  const Today = Date;

  return {
    /* A clock that is ahead by so many days, to see whether a scene reads it. */
    setClock: (days) => {
      const ahead = 86_400_000 * days;
      window.Date =
        days === 0
          ? Today
          : class extends Today {
              constructor(...given) {
                super(...(given.length === 0 ? [Today.now() + ahead] : given));
              }
              static now() {
                return Today.now() + ahead;
              }
            };
    },
    loaded: () => {
      document.body.style.background = 'black';
      before = surroundings();
      return typeof window.remotion_setBundleMode === 'function';
    },
    state,
    /* Takes the last clip's components down, so that the next one begins with nothing of theirs. */
    clear: (composition) => {
      next = null;
      portal = document.getElementById('remotion-canvas')?.firstElementChild ?? null;
      window.remotion_setBundleMode({ type: 'evaluation' });
      window.remotion_setFrame(0, composition, 1);
      return state();
    },
    /* Remotion keeps components of compositions that do not compute their metadata. */
    cleared: () => portal !== null && portal.childElementCount === 0 && surroundings() === before,
    mount: async (mode) => {
      template = mode.compositionName.split('--')[0];
      /* `staticFile` finds the files of the template's own public folder. */
      window.remotion_staticBase = `/public/${template}`;
      /* Chromium keeps the layout of text that was laid out before its font came. What fails here fails again there. */
      if (loadedTemplate !== template) await window.bespokeLoad?.(template).catch(() => undefined);
      loadedTemplate = template;
      next = mode;
      return state();
    },
    seek: (frame, composition) => {
      window.remotion_setFrame(frame, composition, 1);
      return state();
    },
    /* What the present frame plays. Remotion's list is empty afterwards. */
    sounds: () => window.remotion_collectAssets().filter(({ type }) => type !== 'artifact'),
  };
})();
