'use client'

import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useCommandKey } from '../ui/use-command-key.ts'
import { places } from './places.ts'

const general = (command: string) => [
  { keys: [command, 'K'], words: 'Go to anything, do anything' },
  { keys: ['/'], words: 'Search or filter this page' },
  { keys: ['?'], words: 'This sheet' },
  { keys: ['esc'], words: 'Close what is open' },
]

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const command = useCommandKey()
  return (
    <Dialog open onOpenChange={onClose} title="Keys">
      <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-2 px-5 py-4">
        {general(command).map((one) => (
          <KeyRow key={one.words} {...one} />
        ))}
        {places.map((place) => (
          <KeyRow key={place.href} keys={['g', place.key]} words={place.label} />
        ))}
      </dl>
    </Dialog>
  )
}

function KeyRow({ keys, words }: { keys: readonly string[]; words: string }) {
  return (
    <>
      <dt>{words}</dt>
      <dd className="flex justify-end gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dd>
    </>
  )
}
