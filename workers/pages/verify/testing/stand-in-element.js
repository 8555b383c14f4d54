// Stands in for the capture element where a test is about the page: does nothing by itself, and tells what it is told to.
class StandIn extends HTMLElement {
  calls = [];

  connectedCallback() {
    this.textContent = '(camera)';
  }

  prepare() {
    this.calls.push('prepare');
  }

  start() {
    this.calls.push(`start ${this.getAttribute('attempt')} of ${this.getAttribute('frames')} frames`);
    this.tell('state', { state: 'starting' });
  }

  stop() {
    this.calls.push('stop');
    this.tell('state', { state: 'idle' });
  }

  retry() {
    this.calls.push('retry');
    this.tell('state', { state: 'sending' });
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`liveness-${name}`, { detail, bubbles: true, composed: true }));
  }
}

customElements.define('liveness-check', StandIn);
