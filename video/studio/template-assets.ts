/** Files that templates carry for Studio's eyes and ears: `./<template>/fixtures/<file>` and the like. */
export type TemplateAssets = (path: string) => string | undefined;

interface AssetContext {
  (key: string): string | { readonly default: string };
  keys(): string[];
}

/** Wraps a bundler's context of asset modules whose root holds the template folders. */
export function templateAssets(context: unknown): TemplateAssets {
  const modules = context as AssetContext;
  const known = new Set(modules.keys());
  return (path) => {
    if (!known.has(path)) return undefined;
    const module = modules(path);
    return typeof module === 'string' ? module : module.default;
  };
}
