// Draws faces over a picture: mesh, box, and one line of words.

export function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Int16Array(bytes.buffer);
}

const POINTS = 468;

// faces: [{box: [x, y, w, h], id, emotion, share}], points: Int16Array in quarter pixels, a face after the other
export function drawFaces(canvas, size, faces, points, words) {
  fit(canvas);
  const context = canvas.getContext("2d");
  context.setTransform(canvas.width / size.width, 0, 0, canvas.height / size.height, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  // One line of the screen, in pixels of the picture.
  const line = (size.width / canvas.width) * (window.devicePixelRatio || 1);
  faces.forEach((face, place) => {
    mesh(context, points, place * POINTS * 2, words, line);
    box(context, face, words, line, size);
  });
}

export function fit(canvas) {
  const scale = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round(canvas.clientHeight * scale);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
}

function mesh(context, points, from, words, line) {
  const { edges, steps } = words;
  context.beginPath();
  for (let i = 0; i < edges.length; i += 2) {
    const a = from + 2 * edges[i];
    const b = from + 2 * edges[i + 1];
    context.moveTo(points[a] / steps, points[a + 1] / steps);
    context.lineTo(points[b] / steps, points[b + 1] / steps);
  }
  context.strokeStyle = "rgba(255, 255, 255, .42)";
  context.lineWidth = 0.7 * line;
  context.stroke();
}

function box(context, face, words, line, size) {
  const [x, y, width, height] = face.box;
  const tint = words.colours[face.emotion];
  context.strokeStyle = tint;
  context.lineWidth = 2 * line;
  context.strokeRect(x, y, width, height);
  const text = `${face.id}  ${face.emotion} ${face.share}`;
  context.font = `600 ${13 * line}px system-ui, sans-serif`;
  const wide = context.measureText(text).width + 12 * line;
  const high = 21 * line;
  const left = Math.max(0, Math.min(x - line, size.width - wide));
  const top = y - high < 0 ? Math.max(0, y) : y - high;
  context.fillStyle = tint;
  context.fillRect(left, top, wide, high);
  context.fillStyle = words.inks[face.emotion];
  context.textBaseline = "middle";
  context.fillText(text, left + 6 * line, top + high / 2 + line / 2);
}
