location.replace(document.querySelector("meta[name=target]").content + location.hash);
