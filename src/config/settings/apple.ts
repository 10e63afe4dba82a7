/** The way to Apple, and how this service appears there. */
import { usualInstanceName } from '../../domain/ownership/own-registration.ts'
import { always, setting } from '../setting.ts'
import {
  languageTag,
  oneOf,
  onOrOff,
  path,
  seconds,
  shortName,
  webAddress,
  webHost,
  webHostPattern,
} from '../setting-kinds.ts'

/** A place in flight that is shared by processes counts as abandoned a while after it (ports/location-pace.ts). */
const longestSeconds = 60

export const appleSettings = {
  'apple-mode': setting({
    reader: 'service',
    argument: 'MODE',
    description: 'live: ask Apple; simulated: ask --apple-url; off: ask nobody',
    kind: oneOf('live', 'simulated', 'off'),
    fallback: always('live'),
  }),
  'apple-url': setting({
    reader: 'service',
    argument: 'URL',
    description: "Base address of Apple's service, for mode simulated",
    kind: webAddress,
  }),
  'apple-ca': setting({
    reader: 'service',
    argument: 'FILE',
    description: 'PEM certificate to trust for Apple, besides the public ones',
    kind: path,
  }),
  'apple-connect-seconds': setting({
    reader: 'service',
    argument: 'SECONDS',
    description: 'How long a connection to Apple may take to open, up to 60',
    kind: seconds(longestSeconds),
    fallback: always('10'),
  }),
  'apple-request-seconds': setting({
    reader: 'service',
    argument: 'SECONDS',
    description: 'How long one request to Apple may take as a whole, up to 60',
    kind: seconds(longestSeconds),
    fallback: always('60'),
  }),
  'apple-lookup-url': setting({
    reader: 'service',
    argument: 'URL',
    description:
      "Where the names of apps are asked, instead of the address that Apple's service names",
    kind: webAddress,
  }),
  'apple-lookup-host': setting({
    reader: 'service',
    argument: 'HOST',
    description:
      'Host that may get content tokens with such a question: in mode live one of Apple alone, by default uclient-api.itunes.apple.com',
    kind: webHost,
    isList: true,
  }),
  'apple-lookup-language': setting({
    reader: 'service',
    argument: 'TAG',
    description:
      'Language of names and descriptions, such as en-gb, instead of that of the country',
    kind: languageTag,
  }),
  'apple-icon-host': setting({
    reader: 'service',
    argument: 'HOST',
    description: 'Host that icons are fetched from, in mode live by default *.mzstatic.com',
    kind: webHostPattern,
    isList: true,
  }),
  'instance-name': setting({
    reader: 'service',
    argument: 'NAME',
    description: 'Name by which other servers see this one as manager of a location',
    kind: shortName,
    fallback: always(usualInstanceName),
  }),
  'apple-notifications': setting({
    reader: 'service',
    description:
      'Let Apple tell of changes in claimed locations, at the first https --public-origin; without, it is asked regularly',
    kind: onOrOff,
    fallback: always('false'),
  }),
} as const
