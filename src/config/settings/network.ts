/** Where the service listens, by which names it is called, and how it speaks HTTPS. */
import { always, setting } from '../setting.ts'
import { listenAddress, network, onOrOff, path, webOrigin } from '../setting-kinds.ts'

export const networkSettings = {
  listen: setting({
    reader: 'service',
    argument: 'HOST:PORT',
    description: 'Where the service listens; port 0 picks a free one',
    kind: listenAddress,
    fallback: always('127.0.0.1:8443'),
  }),
  'public-origin': setting({
    reader: 'service',
    argument: 'URL',
    description:
      'What clients call the service by, the first one in links; another Host is refused',
    kind: webOrigin,
    isList: true,
  }),
  'trusted-proxy': setting({
    reader: 'service',
    argument: 'CIDR',
    description: 'Address or network of a proxy whose X-Forwarded headers are believed',
    kind: network,
    isList: true,
  }),
  'tls-cert': setting({
    reader: 'service',
    argument: 'FILE',
    description: 'PEM certificate chain of the service, instead of one by the local CA',
    kind: path,
  }),
  'tls-key': setting({
    reader: 'service',
    argument: 'FILE',
    description: 'PEM private key that belongs to --tls-cert',
    kind: path,
  }),
  'no-tls': setting({
    reader: 'service',
    description: 'Plain http: on a loopback address, or behind a trusted proxy, only',
    kind: onOrOff,
    fallback: always('false'),
  }),
} as const
