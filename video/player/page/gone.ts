import { HostPort } from './host-port.ts';

/** Entry of the page of a link that does not work, when it is embedded. */
const host = new HostPort();
host.send({ type: 'failed', reason: 'link-ended' });
host.sendHeight(document.body);
