/** Line drawings on a grid of 24, 1.75 wide. */
const PATHS = {
  inbox: "M3 13h5l1.500 3h5l1.500-3h5M5.500 5h13L21 13v6H3v-6z",
  archive: "M3 4h18v4H3zM5 8v12h14V8M10 12h4",
  drafts: "M4 20h4L20 8l-4-4L4 16zM14 6l4 4",
  sent: "M21 3 3 10.500l7 3 3 7zM21 3 10 13.500",
  junk: "M12 3 2.500 20h19zM12 10v4M12 17.200v.1",
  trash: "M4 7h16M9 7V4h6v3M6.500 7l1 13h9l1-13M10 11v5M14 11v5",
  folder: "M3 6h6l2 2.500h10V19H3z",
  label: "M4 4h8l8.500 8.500-8 8L4 12zM8 8v.1",
  flag: "M12 3l2.700 5.700 6.300.800-4.600 4.300 1.200 6.200L12 17l-5.600 3 1.200-6.200L3 9.500l6.300-.800z",
  search: "M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM15.500 15.500 21 21",
  reply: "M9 6 3.500 11.500 9 17M4 11.500h9c4 0 7 2 7.500 6.500",
  replyAll: "M7.500 6.500 2.500 11.500l5 5M12 6.500l-5 5 5 5M7.500 11.500H14c4 0 7 2 7.500 6.500",
  forward: "M15 6l5.500 5.500L15 17M20 11.500h-9c-4 0-7 2-7.500 6.500",
  more: "M5.500 12v.1M12 12v.1M18.500 12v.1",
  close: "M5 5l14 14M19 5 5 19",
  back: "M15 5l-7 7 7 7",
  menu: "M4 7h16M4 12h16M4 17h16",
  plus: "M12 5v14M5 12h14",
  attach: "M20 11.500 12 19.500a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700l-8.400 8.300a1.600 1.600 0 0 1-2.300-2.300L15 7",
  download: "M12 4v11M7.500 11l4.500 4.500 4.500-4.500M4 20h16",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5",
  check: "M4.500 12.500 10 18 20 6.500",
  unread: "M3 6h12M3 6v13h18v-8M3 7l9 7 4-3M19.500 3.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z",
  read: "M3 10v10h18V10L12 4zM3 10.500l9 6 9-6",
  move: "M3 6h6l2 2.500h10V19H3zM10 13.500h6M13.500 11l2.500 2.500-2.500 2.500",
  image: "M3 5h18v14H3zM3 16l5-5 5 5 3-2.500 5 4M15.500 9v.1",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  screen: "M3 5h18v11H3zM8.500 20h7M12 16v4",
  shield: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.500 4.500l-3 15",
  bold: "M7 4.500h6a3.500 3.500 0 0 1 0 7H7zM7 11.500h7a4 4 0 0 1 0 8H7z",
  italic: "M10 4.500h8M6 19.500h8M14 4.500l-4 15",
  underline: "M7 4v7a5 5 0 0 0 10 0V4M5 20.500h14",
  strike: "M4 12h16M16.500 7.500C16 5.500 14.500 4.500 12 4.500c-3 0-4.500 1.500-4.500 3.500M7.500 16c.500 2.500 2 3.500 4.500 3.500 3 0 4.700-1.500 4.700-3.500",
  bullets: "M9 6h11M9 12h11M9 18h11M4.500 6v.1M4.500 12v.1M4.500 18v.1",
  numbers: "M10 6h10M10 12h10M10 18h10M4 4.500h1v4M3.500 15.500h2.500L3.500 19H6",
  quote: "M5 7h5v5c0 3-1.500 4.500-4 5M14 7h5v5c0 3-1.500 4.500-4 5",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  clock: "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM12 7.500V12l3 2",
  expand: "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
  down: "M6 9.500l6 6 6-6",
  print: "M7 9V3.500h10V9M7 17H3.500V9h17v8H17M7 14h10v6.500H7z",
  help: "M9 9a3 3 0 1 1 4.500 2.700c-1 .600-1.500 1.200-1.500 2.300M12 17.500v.1M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z",
  undo: "M8 5 3.500 9.500 8 14M4 9.500h10a5.500 5.500 0 0 1 0 11h-3",
  clear: "M4 20h16M7 16l9.500-10.500M6 5.500h9M9.500 13 11 5.500",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20, filled = false }: { name: IconName; size?: number; filled?: boolean }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill={filled ? "currentColor" : "none"} stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A button of one picture; its name is for screen readers and hovering. */
export function IconButton(props: { icon: IconName; name: string; onClick: (event: MouseEvent) => void; pressed?: boolean; disabled?: boolean; size?: number; class?: string; filled?: boolean; hasPopup?: boolean | "dialog"; expanded?: boolean; keys?: string }) {
  return (
    <button type="button" class={`icon-button ${props.class ?? ""}`} title={props.keys ? `${props.name} (${props.keys})` : props.name} aria-label={props.name} aria-pressed={props.pressed}
      aria-haspopup={props.hasPopup === true ? "menu" : props.hasPopup || undefined} aria-expanded={props.expanded} disabled={props.disabled} onClick={props.onClick}>
      <Icon name={props.icon} size={props.size} filled={props.filled} />
    </button>
  );
}
