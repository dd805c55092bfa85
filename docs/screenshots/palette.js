// Returns a picture by the 256 colours that it has most of: each pixel's place in the palette, and the palette.
async (png) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);

  const counts = new Map();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const colours = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
  const palette = colours.slice(0, 256);

  const channels = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const far = (one, other) => channels(one).reduce((sum, value, i) => sum + (value - channels(other)[i]) ** 2, 0);
  const nearest = (colour) => palette.reduce((best, other, i) => (far(colour, other) < far(colour, palette[best]) ? i : best), 0);
  const places = new Map(colours.map((colour, i) => [colour, i < 256 ? i : nearest(colour)]));

  const indexes = Uint8Array.from(pixels, (colour) => places.get(colour));
  let text = "";
  for (let i = 0; i < indexes.length; i += 32768) text += String.fromCharCode(...indexes.subarray(i, i + 32768));
  return { width, height, indexes: btoa(text), palette: palette.flatMap(channels) };
}
