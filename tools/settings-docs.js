// Makes the tables of commands and settings in docs/operations.md anew: npx node tools/settings-docs.js
import { readFileSync, writeFileSync } from 'node:fs'
import { withCommandsTable } from '../src/cli/commands-page.ts'
import { withSettingsTables } from '../src/config/operations-page.ts'

const page = 'docs/operations.md'
writeFileSync(page, withSettingsTables(await withCommandsTable(readFileSync(page, 'utf8'))))
