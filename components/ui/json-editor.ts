import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  syntaxHighlighting,
} from "@codemirror/language";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The words of the editor's own controls, by the English ones that it asks for. */
export type EditorPhrases = Record<string, string>;

type EditorOptions = {
  parent: HTMLElement;
  text: string;
  label: string;
  phrases: EditorPhrases;
  wraps: boolean;
  /** Told of every change that a person makes. Without it the text can only be read. */
  onChange?: (text: string) => void;
};

export type JsonEditor = {
  setText: (text: string) => void;
  setWraps: (wraps: boolean) => void;
  find: () => void;
  destroy: () => void;
};

const THEME = EditorView.theme({
  "&": { height: "100%", fontSize: "0.75rem", color: "var(--ink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.25rem" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.25rem", padding: "0 0.25rem 0 0.5rem" },
  ".cm-foldGutter .cm-gutterElement": { width: "1rem", textAlign: "center", cursor: "pointer" },
  ".cm-foldPlaceholder": {
    backgroundColor: "var(--pressed)",
    border: "none",
    color: "var(--ink-muted)",
    margin: "0 0.25rem",
    padding: "0 0.375rem",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 16%, transparent)" },
  ".cm-searchMatch": {
    backgroundColor: "var(--warn-soft)",
    outline: "1px solid var(--warn)",
    borderRadius: "2px",
  },
  ".cm-searchMatch-selected": { backgroundColor: "var(--accent-soft)", outline: "2px solid var(--accent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--pressed)", outline: "none" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "0.25rem 0.5rem",
    padding: "0.375rem 2rem 0.375rem 0.5rem",
    fontFamily: "var(--font-sans)",
  },
  ".cm-panel.cm-search br": { display: "none" },
  ".cm-panel.cm-search label": {
    display: "inline-flex",
    alignItems: "center",
    gap: "0.25rem",
    fontSize: "0.75rem",
  },
  ".cm-textfield": {
    height: "1.625rem",
    border: "1px solid var(--control)",
    borderRadius: "6px",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    fontSize: "0.75rem",
    padding: "0 0.5rem",
    margin: "0",
  },
  ".cm-button": {
    height: "1.625rem",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    background: "var(--surface)",
    color: "var(--ink)",
    fontSize: "0.75rem",
    padding: "0 0.5rem",
    margin: "0",
  },
  ".cm-panel.cm-search [name=close]": {
    color: "var(--ink-muted)",
    fontSize: "1.125rem",
    top: "0.25rem",
    right: "0.5rem",
  },
});

const COLORS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--ink)" },
  { tag: tags.string, color: "var(--ok-ink)" },
  { tag: tags.number, color: "var(--info-ink)" },
  { tag: [tags.bool, tags.null], color: "var(--accent)", fontWeight: "500" },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.brace], color: "var(--ink-faint)" },
  { tag: tags.invalid, color: "var(--danger-ink)" },
]);

/** An editor over a JSON text, with folding and a search of its own. It must be destroyed by its owner. */
export function createJsonEditor({
  parent,
  text,
  label,
  phrases,
  wraps,
  onChange,
}: EditorOptions): JsonEditor {
  const wrapping = new Compartment();
  const wrapExtension = (isWrapped: boolean) => (isWrapped ? EditorView.lineWrapping : []);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorState.phrases.of(phrases),
        onChange === undefined ? forReading(label) : forWriting(label, onChange),
        json(),
        lineNumbers(),
        codeFolding(),
        foldGutter(),
        bracketMatching(),
        drawSelection(),
        highlightSelectionMatches(),
        search({ top: true }),
        keymap.of([...searchKeymap, ...foldKeymap, ...defaultKeymap]),
        syntaxHighlighting(COLORS),
        THEME,
        wrapping.of(wrapExtension(wraps)),
      ],
    }),
  });
  return {
    setText: (next) => {
      if (view.state.doc.toString() === next) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    setWraps: (next) => view.dispatch({ effects: wrapping.reconfigure(wrapExtension(next)) }),
    find: () => openSearchPanel(view),
    destroy: () => view.destroy(),
  };
}

function forReading(label: string): Extension {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    // What can't be edited takes no focus by itself, and without focus no key reaches it.
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, "aria-readonly": "true" }),
  ];
}

function forWriting(label: string, onChange: (text: string) => void): Extension {
  return [
    history(),
    keymap.of(historyKeymap),
    EditorView.contentAttributes.of({ "aria-label": label }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString());
    }),
  ];
}
