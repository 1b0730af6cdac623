/** What makes React Flow a picture to look at: nothing is dragged, joined or deleted, and keys are the page's. */
export const LOOK_ONLY = {
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
  zoomOnDoubleClick: false,
  deleteKeyCode: null,
  style: { "--xy-attribution-background-color": "transparent" },
} as const;
