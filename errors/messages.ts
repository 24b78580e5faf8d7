import { commandErrors } from './command-errors.ts';
import { deploymentErrors } from './deployment-errors.ts';
import { inputErrors } from './input-errors.ts';
import { machineErrors } from './machine-errors.ts';
import { renderErrors } from './render-errors.ts';
import { requestErrors, viewerErrors } from './request-errors.ts';
import { tableErrors } from './table-errors.ts';

/** Every error, by name: `throw errors.templateUnknown({ … })`. Each chapter of messages has a file of its own. */
export const errors = {
  ...commandErrors,
  ...deploymentErrors,
  ...inputErrors,
  ...machineErrors,
  ...renderErrors,
  ...requestErrors,
  ...tableErrors,
  ...viewerErrors,
};
