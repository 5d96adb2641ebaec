'use client'

import type { PipelineFile } from '#lib/api/pipeline.ts'
import { QueryView } from '../live/query-view.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { draftState, typed, type Head } from './draft.ts'
import { FileWorkbench } from './file-workbench.tsx'
import { useDraft } from './use-draft.ts'
import { useWheelhouseFile } from './use-wheelhouse-file.ts'

/** `wheelhouse.yaml` at the head of the branch, edited and written as a commit. */
export function WheelhouseFilePage() {
  const file = useWheelhouseFile()
  return (
    <>
      <Breadcrumbs crumbs={[{ label: 'Repository', href: '/repository' }, { label: 'wheelhouse.yaml' }]} />
      <QueryView query={file} what="wheelhouse.yaml" loading={<Loading />}>
        {(data) => (data.head ? <Known file={data} head={data.head} /> : <NotRead />)}
      </QueryView>
    </>
  )
}

function Known({ file, head }: { file: PipelineFile; head: Head & { commit: string } }) {
  const [draft, setDraft] = useDraft()
  const state = draftState(head, draft)
  if (head.blob !== null && head.text === null) return <NoText />
  if (head.blob === null && state.kind === 'clean' && draft === undefined)
    return <NoFile onBegin={() => setDraft({ text: file.start, base: null })} />
  return (
    <FileWorkbench
      head={head}
      state={state}
      onType={(text) => setDraft(typed(state, head, text))}
      onTakeGround={() => setDraft({ text: state.text, base: head.blob })}
      onDiscard={() => setDraft(undefined)}
    />
  )
}

function NoFile({ onBegin }: { onBegin: () => void }) {
  return (
    <>
      <PageHead title="wheelhouse.yaml" />
      <Card>
        <EmptyState
          icon="repository"
          title="There is no wheelhouse.yaml yet"
          action={
            <Button kind="primary" onClick={onBegin}>
              Start from what is inferred
            </Button>
          }
        >
          The order of environments is inferred from their names, and nothing has gates. The file refines that: which
          environment is promoted from where, gates, freeze windows, holds. The start writes down what holds now.
        </EmptyState>
      </Card>
    </>
  )
}

function NotRead() {
  return (
    <>
      <PageHead title="wheelhouse.yaml" />
      <Card>
        <EmptyState icon="sync" title="The repository has not been read yet">
          The file appears here by itself as soon as the worker has fetched the branch; Repository says what it waits
          for.
        </EmptyState>
      </Card>
    </>
  )
}

function NoText() {
  return (
    <>
      <PageHead title="wheelhouse.yaml" />
      <Card>
        <EmptyState icon="alerts" title="It cannot be edited here">
          The file in the branch is no UTF-8 text, or far too large. Mend it with Git; what it said before stays in
          force.
        </EmptyState>
      </Card>
    </>
  )
}

function Loading() {
  return (
    <>
      <PageHead title="wheelhouse.yaml" />
      <Card>
        <SkeletonRows rows={8} label="Loading wheelhouse.yaml" />
      </Card>
    </>
  )
}
