import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { failed } from "./toast";
import { t } from "./words";

/** A component that is fetched when it is first shown. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => any {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [, draw] = useState(0);
    useEffect(() => {
      if (!loaded)
        load().then((component) => {
          loaded = component;
          draw(1);
        }, failed);
    }, []);
    const Component = loaded;
    return Component ? <Component {...props} /> : <div class="waiting" aria-busy="true" aria-label={t("loading")} />;
  };
}
