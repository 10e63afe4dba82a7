import { readFileSync, writeFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { Command, Option } from 'commander'
import { seeds } from './seeds/seeds.ts'
import { parseListenAddress, type TlsFiles } from './server/listener.ts'
import { type RunningSimulator, type SimulatorOptions, startSimulator } from './simulator.ts'
import { defaultAt } from './world/default-at.ts'

interface CommandOptions {
  listen: string
  control: string
  seed: string[]
  at: string
  clock: 'running' | 'frozen'
  rngSeed: string
  tlsCert?: string
  tlsKey?: string
  tlsGenerate?: string
  tlsName?: string[]
  controlKeyFile?: string
  output: 'text' | 'json'
}

const keyVariable = 'APPLE_VPP_SIMULATOR_CONTROL_KEY'

const afterHelp = `
It prints three facts: the address of Apple's side ("data"), that of the control plane ("control"),
and the control key. Further worlds, made over the control plane, lie below /worlds/{name}.
GET {control}/openapi.json describes every call of both sides; the README has examples.

Seeds:
${seeds.map((seed) => `  ${seed.name.padEnd(20)}${seed.contents}`).join('\n')}

Examples:
  apple-vpp-simulator --seed small states --at now
  apple-vpp-simulator --seed million --clock frozen -o json
  apple-vpp-simulator --listen 0.0.0.0:8443 --tls-generate ca.pem --tls-name apple.test \\
                      --control-key-file key.txt

  curl -H "X-Simulator-Key: $KEY" $CONTROL/worlds/main/libraries/7000000000000001/tokens
  curl -H "X-Simulator-Key: $KEY" -X POST $CONTROL/worlds/main/tokens/small-01/revoke

The control key is made up at every start unless you bring your own, in a file or in
${keyVariable}. A listener that other machines can reach needs TLS
and a key of your own.`

export async function runCommand(argv: string[]): Promise<void> {
  const command = new Command('apple-vpp-simulator')
    .description("A stand-alone simulator of Apple's App and Book Management API v2.")
    .option('--listen <host:port>', "Apple's side: where the service finds it", '127.0.0.1:0')
    .option('--control <host:port>', 'the control plane: where you play Apple', '127.0.0.1:0')
    .option('--seed <name...>', 'what world "main" begins with', ['small'])
    .option('--at <time>', 'time of the world at the start; "now" for the real time', defaultAt)
    .addOption(
      new Option('--clock <mode>', 'whether that time moves on')
        .choices(['running', 'frozen'])
        .default('running'),
    )
    .option('--rng-seed <number>', 'start of all made-up values', '1')
    .option('--tls-cert <file>', 'certificate chain (PEM), for both listeners')
    .option('--tls-key <file>', 'its private key (PEM)')
    .option(
      '--tls-generate <file>',
      'HTTPS with an authority made for this run; its certificate is written to this file',
    )
    .option('--tls-name <host...>', 'further names that the generated certificate is good for')
    .option('--control-key-file <file>', 'file with the control key')
    .addOption(
      new Option('-o, --output <format>', 'how the addresses are printed')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', afterHelp)
  const options = command.parse(argv).opts<CommandOptions>()
  try {
    const simulator = await startSimulator(await simulatorOptions(options))
    // Whoever reads the addresses may stop us at once, so the signals come first.
    stopOnSignal(simulator)
    print(simulator, options)
  } catch (cause) {
    command.error(`error: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

async function simulatorOptions(options: CommandOptions): Promise<SimulatorOptions> {
  const controlKey = controlKeyOf(options)
  const tls = await tlsOf(options)
  return {
    listen: options.listen,
    control: options.control,
    seeds: options.seed,
    at: options.at === 'now' ? new Date().toISOString() : options.at,
    clock: options.clock,
    rngSeed: wholeNumber(options.rngSeed),
    ...(tls !== undefined && { tls }),
    ...(controlKey !== undefined && { controlKey }),
  }
}

async function tlsOf(options: CommandOptions): Promise<TlsFiles | undefined> {
  const { tlsCert, tlsKey, tlsGenerate, tlsName } = options
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Error('--tls-cert and --tls-key belong together. Give both or none.')
  }
  if (tlsCert !== undefined && tlsGenerate !== undefined) {
    throw new Error('--tls-generate makes a certificate, --tls-cert brings one. Give one of them.')
  }
  if (tlsName !== undefined && tlsGenerate === undefined) {
    throw new Error('--tls-name is for a generated certificate. Give --tls-generate, too.')
  }
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return pairOf({ cert: fileText('--tls-cert', tlsCert), key: fileText('--tls-key', tlsKey) })
  }
  if (tlsGenerate === undefined) return undefined
  const hosts = [options.listen, options.control].map((text) => parseListenAddress(text).host)
  // Loaded only where it is used: the certificate library takes a while.
  const { generateTls } = await import('./server/generated-tls.ts')
  const { tls, caPem } = await generateTls([...hosts, ...(tlsName ?? [])], new Date())
  try {
    writeFileSync(tlsGenerate, caPem)
  } catch (cause) {
    throw new Error(
      `--tls-generate ${tlsGenerate} cannot be written (${codeOf(cause)}). Name a file in a folder that is there.`,
    )
  }
  return tls
}

function pairOf(tls: TlsFiles): TlsFiles {
  try {
    createSecureContext(tls)
  } catch (cause) {
    throw new Error(
      `--tls-cert and --tls-key do not work together (${codeOf(cause)}). Give a certificate chain and its own private key, both PEM.`,
    )
  }
  return tls
}

function fileText(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`${option} ${path} cannot be read (${codeOf(cause)}). Check the path.`)
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}

function controlKeyOf({ controlKeyFile }: CommandOptions): string | undefined {
  const key =
    controlKeyFile === undefined
      ? process.env[keyVariable]
      : fileText('--control-key-file', controlKeyFile)
  if (key === undefined) return undefined
  if (key.trim().length < 16) {
    throw new Error('The control key is shorter than 16 characters. Use a long random text.')
  }
  return key.trim()
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new Error(`--rng-seed ${text} is no whole number. Use 1, for example.`)
  return Number(text)
}

function print(
  { dataUrl, controlUrl, controlKey }: RunningSimulator,
  { output, tlsGenerate }: CommandOptions,
): void {
  const text =
    output === 'json'
      ? JSON.stringify({ dataUrl, controlUrl, controlKey, caFile: tlsGenerate })
      : [
          `data ${dataUrl}`,
          `control ${controlUrl}`,
          `key ${controlKey}`,
          ...(tlsGenerate === undefined ? [] : [`ca ${tlsGenerate}`]),
        ].join('\n')
  process.stdout.write(`${text}\n`)
}

function stopOnSignal(simulator: RunningSimulator): void {
  const stop = () => {
    simulator.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
