const socket = document.getElementById("socket"), wrong = document.getElementById("wrong");
function filter() {
  for (const block of document.querySelectorAll(".block")) {
    const about = !socket.value || block.dataset.sockets.split(" ").includes(socket.value);
    block.hidden = !about || wrong.checked && !block.classList.contains("bad");
  }
}
socket.addEventListener("change", filter);
wrong.addEventListener("change", filter);
filter(); // a browser keeps what was chosen when the page is loaded again
