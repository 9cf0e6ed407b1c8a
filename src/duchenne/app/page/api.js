// Talks to the server; its problems (RFC 9457) become errors with the server's own sentence.

export async function ask(path, options = {}) {
  const answer = await reach(path, options);
  return answer.status === 204 ? null : answer.json();
}

async function reach(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The server does not answer: is duchenne serve still running?");
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.detail || problem.title || `The server says ${answer.status}.`);
}

export function send(path, method, content) {
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method, headers, body: JSON.stringify(content) });
}

// XMLHttpRequest, because fetch does not say how much of a file has left.
export function upload(file, title, onProgress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open("POST", `/api/analyses?title=${encodeURIComponent(title)}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onload = () => {
      if (request.status < 300) resolve(request.response);
      else reject(new Error(request.response?.detail || `The server says ${request.status}.`));
    };
    request.onerror = () => reject(new Error("The upload broke off: it is too large, or the server is gone."));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

let known;
export function vocabulary() {
  known ??= ask("/api/vocabulary");
  return known;
}
