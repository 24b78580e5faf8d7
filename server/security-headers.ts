import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** Headers of every answer, including answers without a route. */
export type SecurityHeaders = readonly (readonly [name: string, value: string])[];

/** What keeps browsers from framing, sniffing or running an answer, as Helmet words it. */
export function securityHeaders(publicUrl: string): SecurityHeaders {
  const write = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // Videos and posters are shown in mails and on other sites.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: publicUrl.startsWith('https:') && {
      maxAge: 31_536_000,
      includeSubDomains: false,
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  write(request, answer, (error) => {
    if (error !== undefined) throw new Error('Helmet refuses its settings.', { cause: error });
  });
  return answer.getHeaderNames().map((name) => [name, String(answer.getHeader(name))]);
}
