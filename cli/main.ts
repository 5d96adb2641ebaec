import { parseArgs } from 'node:util'
import { ApiError } from '#lib/api/client.ts'
import { verbs } from './verbs.ts'

/** `wheelhouse VERB …`; address and token from WHEELHOUSE_URL and WHEELHOUSE_TOKEN. Resolves with the exit code. */
async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      environment: { type: 'string', short: 'e' },
      container: { type: 'string', short: 'c' },
      tag: { type: 'string', short: 't' },
      pattern: { type: 'string', short: 'p' },
      message: { type: 'string', short: 'm' },
      until: { type: 'string' },
      limit: { type: 'string' },
      force: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [name = '', release] = positionals
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb || values.help) {
    console.log(help())
    return verb || values.help ? 0 : 2
  }
  if (verb.usage.includes('RELEASE') && release === undefined) throw new Error(`Usage: wheelhouse ${verb.usage}`)
  const baseUrl = (process.env.WHEELHOUSE_URL ?? 'http://127.0.0.1:3000').replace(/\/+$/, '')
  console.log(await verb.run({ baseUrl, token: process.env.WHEELHOUSE_TOKEN }, release ?? '', values))
  return 0
}

function help(): string {
  const lines = Object.values(verbs).map(({ usage, summary }) => `  ${usage}\n      ${summary}`)
  return `wheelhouse VERB\n\n${lines.join('\n')}\n\nAddress and token: WHEELHOUSE_URL, WHEELHOUSE_TOKEN.`
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  if (error instanceof ApiError && error.suggestion) console.error(error.suggestion)
  process.exitCode = 1
}
