import { createElement, type ComponentType } from 'react';
import { components as ofTemplate } from '../../templates/year-in-review/components.ts';

function salted(component: ComponentType<never>) {
  return function Salted({ scene }: { readonly scene: object }) {
    return createElement(component as ComponentType<object>, scene);
  };
}

/** The year in review's components under the inputs of the benchmark's scenes. */
export const components = Object.fromEntries(
  Object.entries(ofTemplate).map(([scene, component]) => [scene, salted(component as ComponentType<never>)]),
);
