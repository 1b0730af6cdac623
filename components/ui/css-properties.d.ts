import "react";

declare module "react" {
  interface CSSProperties {
    /** Custom properties, by which a style value reaches a class name. */
    [property: `--${string}`]: string | number | undefined;
  }
}
