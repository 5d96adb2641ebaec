/** Program: `npm run demo [-- --data DIR --port N --github --world-only]`. Ctrl-C or SIGTERM stops all of it. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runDemo } from './run-demo.ts'
import type { Demo } from './run-demo.ts'
import { WorldProblem } from './world/world-problem.ts'

const usage = `Usage: npm run demo [-- --data DIR] [--port N] [--github] [--world-only]

  --data        where everything is kept; default .wheelhouse
  --port        of the dashboard; default 3000, then that of the last start
  --github      the repository is at a GitHub, which is committed to by its API
  --world-only  starts cluster, registry, Git server and chart repository, but not Wheelhouse itself`

interface Arguments {
  dataDir: string
  port: number | undefined
  worldOnly: boolean
  github: boolean
}

function readArguments(args: string[]): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: '.wheelhouse' },
      port: { type: 'string' },
      'world-only': { type: 'boolean', default: false },
      github: { type: 'boolean', default: false },
    },
  })
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new Error(`${values.port} is no port: a number from 1 to 65535.`)
  return { dataDir: resolve(values.data), port, worldOnly: values['world-only'], github: values.github }
}

/** Prints a line of progress after the seconds since the start. */
function log(line: string): void {
  console.log(`${process.uptime().toFixed(1).padStart(6)} s  ${line}`)
}

function describe(demo: Demo, dataDir: string): string {
  const { world, product, missing } = demo
  const data = dataDir === resolve('.wheelhouse') ? '' : ` --data ${dataDir}`
  const lines = [
    product ? `dashboard    ${product.web}` : 'dashboard    not started (--world-only)',
    ...(product ? Object.entries(product.logins).map(([role, url]) => `  as ${role.padEnd(9)} ${url}`) : []),
    `repository   git clone ${world.git.url}`,
    `registry     ${world.registry.host}`,
    `charts       ${world.chartRepository.url}`,
    `cluster      export KUBECONFIG=${world.kubeconfig}`,
    `helm         ${world.helmPath}`,
    `logs         ${dataDir}/logs`,
    ...(missing.length > 0 ? [`not deployed ${missing.join(', ')}`] : []),
    '',
    'Try, in another terminal:',
    `  npm run ci-mock -- -r podinfo -b dev${data}      and watch podinfo-dev follow`,
    `  npm run ci-mock -- -r podinfo -v 0.4.11${data}   and watch podinfo-prod follow`,
    `  ${world.helmPath} --kubeconfig ${world.kubeconfig} history podinfo-dev -n dev`,
  ]
  return lines.map((line) => (line ? `  ${line}` : '')).join('\n')
}

/** Resolves at the first signal, or when npm, which started this, is gone: its shell does not pass signals on. */
function onAskedToEnd(announce: (why: string) => void): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false
    const ask = (why: string) => {
      if (isAsked) return
      isAsked = true
      announce(why)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
    const parent = process.ppid
    if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && ask('npm has ended'), 250).unref()
  })
}

async function main(): Promise<void> {
  let options: Arguments
  try {
    options = readArguments(process.argv.slice(2))
  } catch (problem) {
    console.error(`${problem instanceof Error ? problem.message : ''}\n\n${usage}`)
    process.exitCode = 2
    return
  }
  const abort = new AbortController()
  let stop: (() => Promise<void>) | undefined
  const ended = onAskedToEnd((why) => {
    log(`${why}: stopping`)
    abort.abort()
  })
  try {
    const demo = await runDemo({
      ...options,
      log,
      signal: abort.signal,
      onStarted: (stopAll) => {
        stop = stopAll
        abort.signal.addEventListener('abort', () => void stopAll())
      },
    })
    log('ready')
    console.log(`\n${describe(demo, options.dataDir)}\n`)
    await ended
  } catch (problem) {
    if (!abort.signal.aborted) {
      console.error(problem instanceof WorldProblem ? `\n${problem.message}` : problem)
      process.exitCode = 1
    }
  }
  await stop?.()
  log('stopped')
  process.exit()
}

await main()
