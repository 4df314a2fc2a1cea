// A frame of the stand-in inside the page, and the talk with it. Card data stays in there: what
// comes out is heights, events, and the id of a payment method.
class Frame {
  #waiting = new Map();
  #count = 0;
  #hear = (event) => this.#heard(event);

  constructor(path, title, listener) {
    this.listener = listener;
    this.node = document.createElement("iframe");
    this.node.src = HOME + path;
    this.node.title = title;
    style(this.node, {
      border: "0",
      display: "block",
      margin: "-4px",
      width: "calc(100% + 8px)",
      height: "268px",
      colorScheme: "light",
    });
    addEventListener("message", this.#hear);
  }

  tell(type, more = {}) {
    this.node.contentWindow?.postMessage({ standin: type, ...more }, HOME);
  }

  // Resolves with the answer of the frame.
  ask(type, more = {}) {
    const request = ++this.#count;
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.tell(type, { ...more, request });
    });
  }

  remove() {
    removeEventListener("message", this.#hear);
    this.node.remove();
  }

  #heard(event) {
    if (event.origin !== HOME || event.source !== this.node.contentWindow) {
      return;
    }
    const { standin: type, request, ...more } = event.data;
    if (type === "answer") {
      this.#waiting.get(request)?.(more);
      this.#waiting.delete(request);
    } else {
      this.listener(type, more);
    }
  }
}

// Through the object model, because a strict Content-Security-Policy forbids style attributes.
function style(node, properties) {
  Object.assign(node.style, properties);
}
