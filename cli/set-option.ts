import { Option } from 'commander';
import { errors } from '../errors/messages.ts';

/** Values of settings by name, as they were typed. */
export type Settings = Readonly<Record<string, string>>;

/** Adds a setting to those before it. @throws BespokeError `usage-invalid`. */
function addSetting(argument: string, before: Settings = {}): Settings {
  const [, name, value] = /^\s*([^=\s]+)\s*=(.*)$/su.exec(argument) ?? [];
  const refuse = (takes: string): never => {
    throw errors.optionInvalid({ option: '--set', takes, value: argument });
  };
  if (name === undefined || value === undefined) return refuse('a setting such as accent=#0b6e4f');
  if (Object.hasOwn(before, name)) return refuse('each setting once');
  return { ...before, [name]: value.trim() };
}

/** `--set`, which may be repeated. */
export const setOption = (): Option =>
  new Option(
    '--set <setting=value>',
    'the value of a setting of the template, such as accent=#0b6e4f; may be repeated',
  ).argParser(addSetting);
