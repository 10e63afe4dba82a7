import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { defaultAt } from './default-at.ts'
import { seeds } from './seeds/seeds.ts'
import { type RunningSimulator, type SimulatorOptions, startSimulator } from './simulator.ts'

interface CommandOptions {
  listen: string
  control: string
  seed: string[]
  at: string
  clock: 'running' | 'frozen'
  rngSeed: string
  tlsCert?: string
  tlsKey?: string
  controlKeyFile?: string
  output: 'text' | 'json'
}

const keyVariable = 'APPLE_VPP_SIMULATOR_CONTROL_KEY'

const afterHelp = `
Seeds:
${seeds.map((seed) => `  ${seed.name.padEnd(20)}${seed.contents}`).join('\n')}

Example:
  apple-vpp-simulator --seed small states --at now

The control key is made up at every start unless you bring your own, in a file or in
${keyVariable}. A listener that other machines can
reach needs TLS and a key of your own.`

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
    .option('--control-key-file <file>', 'file with the control key')
    .addOption(
      new Option('-o, --output <format>', 'how the addresses are printed')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', afterHelp)
  const options = command.parse(argv).opts<CommandOptions>()
  try {
    const simulator = await startSimulator(simulatorOptions(options))
    // Whoever reads the addresses may stop us at once, so the signals come first.
    stopOnSignal(simulator)
    print(simulator, options.output)
  } catch (cause) {
    command.error(`error: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function simulatorOptions(options: CommandOptions): SimulatorOptions {
  const { tlsCert, tlsKey } = options
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Error('--tls-cert and --tls-key belong together. Give both or none.')
  }
  const controlKey = controlKeyOf(options)
  return {
    listen: options.listen,
    control: options.control,
    seeds: options.seed,
    at: options.at === 'now' ? new Date().toISOString() : options.at,
    clock: options.clock,
    rngSeed: wholeNumber(options.rngSeed),
    ...(tlsCert !== undefined &&
      tlsKey !== undefined && {
        tls: { cert: readFileSync(tlsCert, 'utf8'), key: readFileSync(tlsKey, 'utf8') },
      }),
    ...(controlKey !== undefined && { controlKey }),
  }
}

function controlKeyOf({ controlKeyFile }: CommandOptions): string | undefined {
  const key =
    controlKeyFile === undefined ? process.env[keyVariable] : readFileSync(controlKeyFile, 'utf8')
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
  output: 'text' | 'json',
): void {
  const text =
    output === 'json'
      ? JSON.stringify({ dataUrl, controlUrl, controlKey })
      : `data ${dataUrl}\ncontrol ${controlUrl}\nkey ${controlKey}`
  process.stdout.write(`${text}\n`)
}

function stopOnSignal(simulator: RunningSimulator): void {
  const stop = () => {
    simulator.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
