import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/** An answer of a server in a test. */
export type Answer = (response: ServerResponse) => unknown;

/** Starts a server on loopback that gives these answers in turn, then the last one again and again. */
export async function startTestServer(...answers: readonly Answer[]) {
  let requests = 0;
  const server = createServer((_request, response) => {
    const answer = answers[Math.min(requests, answers.length - 1)];
    requests += 1;
    answer?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  return { baseUrl: `http://127.0.0.1:${address.port}`, requests: () => requests };
}
