/** An option that took the next option for its value, as an empty shell variable makes it do: nothing is done then. */
import type { Command } from 'commander'
import { Failure } from '../model/failure.ts'

/** Failure `badRequest` names both. A dry run must never become a real one because a value was missing. */
export function refuseSwallowedOption(command: Command): void {
  for (const option of command.options) {
    if (command.getOptionValueSource(option.attributeName()) !== 'cli') continue
    const value: unknown = command.getOptionValue(option.attributeName())
    const swallowed = [value]
      .flat()
      .find((one) => typeof one === 'string' && /^--?[a-z]/i.test(one))
    if (swallowed === undefined) continue
    throw new Failure(
      'badRequest',
      `${option.long ?? option.short} needs a value, and '${String(swallowed)}' looks like an option. Put the value behind ${option.long ?? option.short}, or leave that out. Nothing was done.`,
    )
  }
}
