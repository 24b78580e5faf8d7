import '@fontsource-variable/bricolage-grotesque/opsz.css';
