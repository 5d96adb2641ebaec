import { evaluateGates, type GateName, type GateResult } from '../gate/index.ts'
import { judgeHolds, stoppedByHold } from '../hold/index.ts'
import { hasEnded } from '../promotion/index.ts'
import { step } from './tag-steps.ts'
import type { WhyNotGate, WhyNotSeen, WhyNotStep } from './types.ts'

/** What may keep a release from taking up a tag, whatever the tag is. */
export function permissionSteps(seen: WhyNotSeen, now: number): WhyNotStep[] {
  const results = seen.gates.kind === 'asked' ? evaluateGates(seen.gates.input, now) : seen.gates.results
  const gate = (name: GateName, as: WhyNotGate, absent: string): WhyNotStep =>
    gateStep(
      as,
      results.find((result) => result.gate === name),
      seen.gates.kind === 'passed' ? 'It came past the gates before.' : absent,
    )
  return [
    automation(seen),
    notHeld(seen, now),
    seen.stopped === undefined
      ? step('no-stop', 'passed', 'Nothing is stopped.')
      : step('no-stop', 'blocked', seen.stopped),
    seen.mode === 'act'
      ? step('acting', 'passed', `Acting is enabled for ${seen.environment}.`)
      : step('acting', 'blocked', `${seen.environment} is only observed; acting is not enabled for it.`),
    gate('freeze', 'freeze', 'There are no freeze windows.'),
    gate('approvals', 'approvals', 'No approval is wanted.'),
    gate('checks', 'checks', 'No check is wanted.'),
    gate('soak', 'soak', 'Nothing has to soak.'),
    gate('health', 'source-health', 'The health of the source is not asked for.'),
  ]
}

/** The way from the decision to healthy pods. */
export function deliverySteps(seen: WhyNotSeen): WhyNotStep[] {
  return [committed(seen), fetched(seen), ...inputs(seen), deployed(seen), healthy(seen)]
}

function automation({ automation: state, promotion, commit, container }: WhyNotSeen): WhyNotStep {
  const gate = 'automation'
  if (state === 'ignored') return step(gate, 'blocked', 'Git says to ignore this release.')
  if (state === 'on') return step(gate, 'passed', 'Policies update this release.')
  if (commit.kind === 'written') return step(gate, 'passed', 'It is not automated; the tag was written all the same.')
  if (promotion && (!hasEnded(promotion.state) || promotion.state === 'verified')) {
    return step(
      gate,
      'passed',
      `It is not automated; promotion ${promotion.id} brings the tag and is ${promotion.state}.`,
    )
  }
  const ended = promotion ? ` Promotion ${promotion.id} brought the tag and is ${promotion.state}.` : ''
  return step(
    gate,
    'blocked',
    `It is not automated: ${container} changes only when someone promotes or releases.${ended}`,
  )
}

function notHeld({ holds, promotion }: WhyNotSeen, now: number): WhyNotStep {
  const verdict = judgeHolds(holds, now)
  const held = stoppedByHold(verdict, promotion ? 'promotion' : 'automation')
  if (held === undefined) return step('no-hold', 'passed', 'Nothing holds it.')
  return step('no-hold', 'blocked', held, 'nextEvaluation' in verdict ? verdict.nextEvaluation : undefined)
}

function gateStep(as: WhyNotGate, result: GateResult | undefined, absent: string): WhyNotStep {
  switch (result?.verdict) {
    case undefined:
      return step(as, 'passed', absent)
    case 'passed':
      return step(as, 'passed', result.evidence, result.nextEvaluation)
    case 'overridden':
      return step(as, 'passed', result.evidence)
    case 'waiting':
      return step(as, 'blocked', result.evidence, result.nextEvaluation)
    case 'refused':
      return step(as, 'blocked', result.evidence)
  }
}

function committed({ commit }: WhyNotSeen): WhyNotStep {
  const gate = 'commit'
  switch (commit.kind) {
    case 'none':
      return step(gate, 'pending', commit.reason ?? 'Nothing is written yet.')
    case 'queued':
      return step(gate, 'pending', 'It is in the queue of the next commit.')
    case 'written':
      return step(gate, 'passed', commit.commit ? `Written in ${commit.commit.slice(0, 7)}.` : 'Git says it.')
    case 'refused':
      return step(gate, 'blocked', `It was not written: ${commit.reason}`)
  }
}

function fetched({ commit, fetch }: WhyNotSeen): WhyNotStep {
  const gate = 'fetched'
  if (fetch.kind === 'unreachable') {
    return step(gate, 'blocked', `Git does not answer: ${fetch.reason}`, fetch.nextFetchAt)
  }
  if (commit.kind !== 'written') return step(gate, 'pending', 'There is nothing to fetch yet.')
  if (fetch.kind === 'fetched') return step(gate, 'passed', 'The commit is fetched.')
  return step(gate, 'pending', 'The commit is not fetched yet.')
}

function inputs({ chart, values }: WhyNotSeen): WhyNotStep[] {
  const both = [
    ['chart', chart, 'The chart is ready.'],
    ['values', values, 'The values are ready.'],
  ] as const
  return both.map(([gate, readiness, ready]) => {
    switch (readiness.kind) {
      case 'ready':
        return step(gate, 'passed', ready)
      case 'waiting':
        return step(gate, 'pending', readiness.reason)
      case 'failed':
        return step(gate, 'blocked', readiness.problem.message)
    }
  })
}

function deployed({ deploy }: WhyNotSeen): WhyNotStep {
  const gate = 'deployed'
  switch (deploy.kind) {
    case 'none':
      return step(gate, 'pending', 'It is not deployed yet.')
    case 'running':
      return step(gate, 'pending', 'helm is running.')
    case 'waiting':
      return step(gate, 'blocked', deploy.reason)
    case 'deployed':
      return step(gate, 'passed', `Deployed as revision ${deploy.revision}.`)
    case 'failed':
      return step(gate, 'blocked', `helm failed: ${deploy.reason}`)
    case 'blocked':
      return step(gate, 'blocked', deploy.problem.message)
    case 'superseded':
      return step(gate, 'blocked', `${deploy.by} came in its place.`)
  }
}

function healthy({ deploy, health }: WhyNotSeen): WhyNotStep {
  const gate = 'healthy'
  if (deploy.kind !== 'deployed') return step(gate, 'pending', 'It is judged once it is deployed.')
  if (health.revision !== deploy.revision) {
    return step(gate, 'pending', `The health of revision ${deploy.revision} is not known yet.`)
  }
  switch (health.kind) {
    case 'healthy':
      return step(gate, 'passed', health.reason)
    case 'progressing':
      return step(gate, 'pending', health.reason)
    case 'failing':
    case 'stuck':
      return step(gate, 'blocked', health.reason)
    case 'unknown':
      return step(gate, 'unknown', health.reason)
  }
}
