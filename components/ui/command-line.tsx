import { CopyButton } from './copy-button.tsx'

/** A command to run elsewhere, or another text to take along, with a button that copies it. */
export function CommandLine({ command, label = 'Copy the command' }: { command: string; label?: string }) {
  return (
    <span className="mono inline-flex max-w-full items-center gap-2 rounded-sm border border-line bg-sunken py-1 pr-1 pl-2.5 text-left text-xs text-fg">
      <span className="min-w-0 break-all">{command}</span>
      <CopyButton text={command} label={label} />
    </span>
  )
}
