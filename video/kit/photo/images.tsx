import { createContext, useContext } from 'react';

/** `data:` URLs of stored images, by hash. */
export type Images = Readonly<Record<string, string>>;

const ImagesContext = createContext<Images>({});

export const ImagesProvider = ImagesContext.Provider;

export const useImages = (): Images => useContext(ImagesContext);
